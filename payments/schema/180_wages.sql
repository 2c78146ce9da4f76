-- Wages: a batch paid out of the cooperative's own money to people of whom it need know
-- nothing but a number and a name.  In the books they are an expense of their own.

insert into account_kinds values
	(23, 'wages', 0);  -- what the cooperative paid to who works for it

alter table batches
	drop constraint batches_source_check,
	add constraint batches_source_check check (source in ('owed', 'dividend', 'wages'));
alter table batch_rows
	alter member_id drop not null,
	-- of wages: whom the file says it is; '' for the others, who are members
	add column payee text not null default '' check (length(payee) <= 60),
	add constraint batch_rows_somebody check (member_id is not null or payee <> ''),
	add constraint batch_rows_number unique (cooperative_id, batch_id, msisdn);

-- As before; of wages the numbers may be anybody's, and each row has the name of its payee.
create or replace function batch_make(p_coop text, p_batch uuid, p_batch_code text,
	p_name text, p_source text, p_digest uuid, p_by text, p_rows jsonb, p_now bigint)
returns table (line integer, why text, told text)
language plpgsql security definer set search_path = pg_catalog, public as $$
declare
	c cooperatives;
	who uuid;
	old batches;
	wrong integer;
begin
	select * into c from cooperatives k where k.code = upper(p_coop);
	if c.cooperative_id is null then
		return query select 0, 'no_cooperative', '';
		return;
	end if;
	who := officer_named(c.cooperative_id, p_by);
	if who is null then
		return query select 0, 'not_officer', '';
		return;
	end if;
	select * into old from batches b where b.cooperative_id = c.cooperative_id
		and b.digest = p_digest;
	if old.batch_id is not null then
		return query select 0, 'same', old.code;
		return;
	end if;
	create temp table wanted on commit drop as
	select r.line, r.msisdn, r.amount, r.note, r.member, coalesce(r.payee, '') as payee,
		m.member_id, m.number, m.state,
		coalesce(nullif(r.provider, ''), k.provider) as provider,
		coalesce(m.wallet_tier, 1)::integer as tier,
		count(*) over (partition by coalesce(m.member_id::text, r.msisdn)) as times
	from jsonb_to_recordset(p_rows) as r(line integer, msisdn text, amount bigint, note text,
		member text, payee text, provider text)
	join trade_rules k on k.cooperative_id = c.cooperative_id
	left join member_numbers n on n.cooperative_id = c.cooperative_id and n.msisdn = r.msisdn
	left join members m on m.cooperative_id = c.cooperative_id and m.member_id = n.member_id;
	return query
	select w.line, x.why, w.msisdn from wanted w
	left join lateral wallet_limits_of(c.country, w.provider, c.currency, w.tier,
		date '1970-01-01' + local_day(c.cooperative_id, p_now)) l on true
	cross join lateral (select case
		when p_source = 'wages' and w.payee = '' then 'no_name'
		when p_source <> 'wages' and (w.member_id is null or w.state <> 'active') then 'no_member'
		when p_source <> 'wages' and w.member <> '' and upper(w.member) <> w.number
			then 'other_member'
		when w.times > 1 then 'twice'
		when w.amount < coalesce(l.minimum, 0) then 'too_small'
		when p_source = 'owed' and w.amount > coalesce((select -a.balance - a.pending_debit
			from accounts a where a.cooperative_id = c.cooperative_id and a.kind = 3
				and a.owner = w.member_id and a.unit = c.currency), 0) then 'not_owed'
		else '' end as why) x
	where x.why <> ''
	order by w.line;
	get diagnostics wrong = row_count;
	if wrong = 0 then
		insert into batches values (c.cooperative_id, p_batch, p_batch_code, p_name, p_source,
			c.currency, p_digest, 'draft', who, p_now);
		insert into batch_rows (cooperative_id, row_id, batch_id, line, member_id, payee, msisdn,
			provider, amount, note)
		select c.cooperative_id, gen_random_uuid(), p_batch, w.line, w.member_id,
			case p_source when 'wages' then w.payee else '' end, w.msisdn, w.provider, w.amount,
			w.note from wanted w;
		perform person_audit(c.cooperative_id, p_now, who, 'batch.make', p_batch,
			format('%s %s, %s rows, %s in all', p_batch_code, p_source,
				(select count(*) from wanted), (select sum(amount) from wanted)));
		return query select 0, 'made', p_batch_code;
	end if;
	drop table wanted;
end $$;

-- As before; who is no member has no language here ('').
create or replace function batch_rows_due(p_now bigint, p_limit integer)
returns table (cooperative_id integer, row_id uuid, batch_id uuid, source text,
	member_id uuid, msisdn text, provider text, amount bigint, currency text, note text,
	tries integer, language text, approved_by uuid, code text)
language sql stable as $$
	select d.* from cooperatives c cross join lateral (
		select r.cooperative_id, r.row_id, r.batch_id, b.source, r.member_id, r.msisdn,
			r.provider, r.amount, b.currency, r.note, r.tries, coalesce(m.language, ''),
			b.approved_by, b.code
		from batches b join batch_rows r on r.cooperative_id = b.cooperative_id
			and r.batch_id = b.batch_id
		left join members m on m.cooperative_id = r.cooperative_id and m.member_id = r.member_id
		where b.cooperative_id = c.cooperative_id and b.state = 'approved' and r.state = 'new'
			and r.next_try_ms <= p_now
		order by b.approved_ms, r.line limit p_limit) d
	limit p_limit;
$$;

-- Whose wallet a payout must be: whom a file of wages names, else the member; null: nobody
-- says.
create function payment_payee_name(p_coop integer, p_member uuid, p_row uuid)
returns text language sql stable as $$
	select coalesce((select nullif(r.payee, '') from batch_rows r where r.cooperative_id = p_coop
			and r.row_id = p_row),
		(select m.name from members m where m.cooperative_id = p_coop
			and m.member_id = p_member));
$$;
grant execute on function payment_payee_name to adit_gateway;

-- As before; the name may be that of a file of wages.
create or replace function payment_held(p_coop integer, p_payment uuid, p_claim uuid,
	p_now bigint, p_why text, p_said text, p_next bigint)
returns boolean language plpgsql
security definer set search_path = pg_catalog, public as $$
declare
	p payments;
begin
	select * into p from payments
	where cooperative_id = p_coop and payment_id = p_payment and claim = p_claim
		and state = 'created' and p_why in ('float_low', 'name')
	for update;
	if p.payment_id is null then
		return false;
	end if;
	update payments set attention = p_why, next_try_ms = p_next, changed_ms = p_now,
		hinted = false, claim = null, claimed_until_ms = 0
	where cooperative_id = p_coop and payment_id = p_payment;
	if p.attention = p_why then
		return true;
	end if;
	perform payment_event(p_coop, p_payment, p_now, p_why, '', p_said, '');
	-- of many that come to wait in one moment, one tells
	perform 1 from cooperatives where cooperative_id = p_coop for no key update;
	if p_why = 'float_low' and exists (select 1 from payments o
		where o.cooperative_id = p_coop and o.attention = 'float_low'
			and o.provider = p.provider and o.payment_id <> p_payment) then
		return true;
	end if;
	perform treasurers_tell(p_coop, p_now,
		case p_why when 'name' then 'payout.name' else 'payout.float' end,
		jsonb_build_object('amount', p.amount::text, 'payment', p.code, 'provider', p.provider,
			'name', coalesce(payment_payee_name(p_coop, p.member_id, p.purpose_id), '')));
	return true;
end $$;

alter function book_faults() rename to book_faults_before_wages;
create function book_faults() returns table (cooperative_id integer, invariant text, detail text)
language sql stable as $$
	select * from book_faults_before_wages()
	union all
	select c.cooperative_id, 'wages that were paid are in the books',
		format('payments say %s, the ledger says %s', f.said, x.booked)
	from cooperatives c
		cross join lateral (select coalesce(sum(p.amount), 0) as said from payments p
			where p.cooperative_id = c.cooperative_id and p.state = 'paid'
				and p.purpose = 'batch_wage') f
		cross join lateral (select coalesce(sum(a.balance), 0) as booked from accounts a
			where a.cooperative_id = c.cooperative_id and a.kind = 23) x
	where f.said <> x.booked
$$;
grant execute on function book_faults() to adit_gateway;
alter function book_faults() set jit = off;
