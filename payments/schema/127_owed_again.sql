-- What stayed owed is paid again by two officers where it is more than the cooperative lets
-- one approve: the first asks, another one pays.  What was asked counts for a week and for
-- that amount alone.

create table owed_asks (
	cooperative_id integer not null,
	member_id uuid not null,
	asked_by uuid not null,
	amount bigint not null check (amount > 0),
	asked_ms bigint not null,
	primary key (cooperative_id, member_id),
	foreign key (cooperative_id, member_id) references members
);
grant select on owed_asks to adit_gateway;

-- The most that one officer may approve: of the strictest product that is lent.
create function second_officer_above(p_coop integer)
returns bigint language sql stable as $$
	select coalesce(min(p.second_above), 0) from loan_products p
	where p.cooperative_id = p_coop and p.active;
$$;

-- The newest word stands.
create function effect_owed_ask(p_coop integer, p_bodies jsonb)
returns void language sql as $$
	insert into owed_asks as o
	select p_coop, b.member_id, b.asked_by, b.amount, b.asked_ms
	from jsonb_to_recordset(p_bodies) as b(member_id uuid, asked_by uuid, amount bigint,
		asked_ms bigint)
	on conflict (cooperative_id, member_id) do update set asked_by = excluded.asked_by,
		amount = excluded.amount, asked_ms = excluded.asked_ms;
$$;

-- Another officer agrees: stale if what was asked is not there any more.
create function effect_owed_agree(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
declare
	agreed integer;
begin
	delete from owed_asks o
	using jsonb_to_recordset(p_bodies) as b(member_id uuid, agreed_by uuid, amount bigint)
	where o.cooperative_id = p_coop and o.member_id = b.member_id
		and o.amount = b.amount and o.asked_by <> b.agreed_by;
	get diagnostics agreed = row_count;
	if agreed <> jsonb_array_length(p_bodies) then
		raise exception 'that was not asked' using errcode = 'AD001';
	end if;
end $$;
revoke all on function second_officer_above, effect_owed_ask, effect_owed_agree from public;
grant execute on function second_officer_above to adit_gateway;

-- From the shell: what a failed payout left owed becomes a batch of one row, to be approved
-- by another officer.  The same payout twice is the same batch.  As batch_make; line 0:
-- 'made', 'same', 'no_payment', 'not_officer', 'own_payment', 'not_owed'.
create function payment_again(p_code text, p_batch uuid, p_batch_code text, p_by text,
	p_now bigint)
returns table (line integer, why text, told text)
language plpgsql security definer set search_path = pg_catalog, public as $$
declare
	p payments;
	old batches;
	who uuid;
	due bigint;
begin
	select * into p from payments x where x.code = upper(p_code) and x.state = 'failed'
		and x.direction = 'out' and x.member_id is not null;
	if p.payment_id is null then
		return query select 0, 'no_payment', '';
		return;
	end if;
	who := officer_named(p.cooperative_id, p_by);
	if who is null or who = p.member_id then
		return query select 0, case when who is null then 'not_officer' else 'own_payment' end, '';
		return;
	end if;
	select * into old from batches b where b.cooperative_id = p.cooperative_id
		and b.digest = p.payment_id;
	if old.batch_id is not null then
		return query select 0, 'same', old.code;
		return;
	end if;
	due := least(p.amount + p.rest, coalesce((select -a.balance - a.pending_debit
		from accounts a where a.cooperative_id = p.cooperative_id and a.kind = 3
			and a.owner = p.member_id and a.unit = p.currency), 0));
	if due <= 0 then
		return query select 0, 'not_owed', '';
		return;
	end if;
	insert into batches values (p.cooperative_id, p_batch, p_batch_code, 'again ' || p.code,
		'owed', p.currency, p.payment_id, 'draft', who, p_now);
	insert into batch_rows (cooperative_id, row_id, batch_id, line, member_id, msisdn, provider,
		amount, note)
	values (p.cooperative_id, gen_random_uuid(), p_batch, 1, p.member_id, p.msisdn, p.provider,
		due, 'again ' || p.code);
	perform person_audit(p.cooperative_id, p_now, who, 'batch.make', p_batch,
		format('%s owed, again %s, %s', p_batch_code, p.code, due));
	return query select 0, 'made', p_batch_code;
end $$;
revoke all on function payment_again from public;
grant execute on function payment_again to adit_gateway;
