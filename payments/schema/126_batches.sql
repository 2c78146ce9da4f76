-- A batch: a named list of payouts to members, made by one officer and approved by another.
-- Where its money comes from (source):
--   owed      what the cooperative owes each of them; what fails stays owed
--   dividend  the cooperative's own means; what fails goes back to them
-- Each row becomes one payment (in parts, if the wallet wants it) by an operation whose key
-- is the row's, so that no row is ever paid twice.

create table batches (
	cooperative_id integer not null references cooperatives,
	batch_id uuid not null,
	code text not null,
	name text not null check (length(name) between 1 and 80),
	source text not null check (source in ('owed', 'dividend')),
	currency text not null,
	-- of source and file: the same file twice is the same batch
	digest uuid not null,
	state text not null default 'draft' check (state in ('draft', 'approved', 'paused',
		'cancelled', 'done')),
	made_by uuid not null,
	made_ms bigint not null,
	approved_by uuid check (approved_by <> made_by),
	approved_ms bigint,
	primary key (cooperative_id, batch_id),
	unique (cooperative_id, code),
	unique (cooperative_id, digest),
	check ((state in ('approved', 'paused', 'done')) <= (approved_by is not null))
);

create table batch_rows (
	cooperative_id integer not null,
	row_id uuid not null,
	batch_id uuid not null,
	line integer not null,
	member_id uuid not null,
	msisdn text not null check (msisdn ~ '^[1-9][0-9]{6,14}$'),
	provider text not null,
	amount bigint not null check (amount > 0),
	note text not null check (length(note) <= 60),
	-- new: no payment yet; paying: it has one; the others are final
	state text not null default 'new' check (state in ('new', 'paying', 'paid', 'failed',
		'cancelled')),
	paid bigint not null default 0 check (paid between 0 and amount),
	tries integer not null default 0,
	next_try_ms bigint not null default 0,
	reason text not null default '',
	primary key (cooperative_id, row_id),
	unique (cooperative_id, batch_id, line),
	unique (cooperative_id, batch_id, member_id),
	foreign key (cooperative_id, batch_id) references batches,
	foreign key (cooperative_id, member_id) references members
);
create index batch_rows_to_begin on batch_rows (cooperative_id, batch_id, line)
	where state = 'new';

-- Takes a file whose rows were read, if nothing speaks against any of them; else says what
-- does, a row each.  Line 0 is the file: 'made' (told is its code), 'same' (it was made
-- before), 'not_officer', 'no_cooperative'.
create function batch_make(p_coop text, p_batch uuid, p_batch_code text, p_name text,
	p_source text, p_digest uuid, p_by text, p_rows jsonb, p_now bigint)
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
	select r.line, r.msisdn, r.amount, r.note, r.member, m.member_id, m.number, m.state,
		coalesce(nullif(r.provider, ''), k.provider) as provider,
		coalesce(m.wallet_tier, 1)::integer as tier,
		count(*) over (partition by m.member_id) as times
	from jsonb_to_recordset(p_rows) as r(line integer, msisdn text, amount bigint, note text,
		member text, provider text)
	join trade_rules k on k.cooperative_id = c.cooperative_id
	left join member_numbers n on n.cooperative_id = c.cooperative_id and n.msisdn = r.msisdn
	left join members m on m.cooperative_id = c.cooperative_id and m.member_id = n.member_id;
	return query
	select w.line, x.why, w.msisdn from wanted w
	left join lateral wallet_limits_of(c.country, w.provider, c.currency, w.tier,
		date '1970-01-01' + local_day(c.cooperative_id, p_now)) l on true
	cross join lateral (select case
		when w.member_id is null or w.state <> 'active' then 'no_member'
		when w.member <> '' and upper(w.member) <> w.number then 'other_member'
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
		insert into batch_rows (cooperative_id, row_id, batch_id, line, member_id, msisdn,
			provider, amount, note)
		select c.cooperative_id, gen_random_uuid(), p_batch, w.line, w.member_id, w.msisdn,
			w.provider, w.amount, w.note from wanted w;
		perform person_audit(c.cooperative_id, p_now, who, 'batch.make', p_batch,
			format('%s %s, %s rows, %s in all', p_batch_code, p_source,
				(select count(*) from wanted), (select sum(amount) from wanted)));
		return query select 0, 'made', p_batch_code;
	end if;
	drop table wanted;
end $$;

-- What a person does with a batch: approve (another officer), pause, resume, cancel (what
-- has no payment yet gets none).  '' or why not: no_batch, not_officer, same_person,
-- not_now.
create function batch_decide(p_batch_code text, p_verb text, p_by text, p_now bigint)
returns text language plpgsql
security definer set search_path = pg_catalog, public as $$
declare
	b batches;
	who uuid;
begin
	select * into b from batches where code = upper(p_batch_code) for update;
	if b.batch_id is null then
		return 'no_batch';
	end if;
	who := officer_named(b.cooperative_id, p_by);
	if who is null then
		return 'not_officer';
	elsif p_verb = 'approve' and who = b.made_by then
		return 'same_person';
	elsif not (case p_verb when 'approve' then b.state = 'draft'
			when 'pause' then b.state = 'approved' when 'resume' then b.state = 'paused'
			when 'cancel' then b.state in ('draft', 'approved', 'paused') else false end) then
		return 'not_now';
	end if;
	update batches set
		state = case p_verb when 'pause' then 'paused' when 'cancel' then 'cancelled'
			else 'approved' end,
		approved_by = case p_verb when 'approve' then who else approved_by end,
		approved_ms = case p_verb when 'approve' then p_now else approved_ms end
	where cooperative_id = b.cooperative_id and batch_id = b.batch_id;
	if p_verb = 'cancel' then
		update batch_rows set state = 'cancelled'
		where cooperative_id = b.cooperative_id and batch_id = b.batch_id and state = 'new';
	end if;
	perform person_audit(b.cooperative_id, p_now, who, 'batch.' || p_verb, b.batch_id, b.code);
	return '';
end $$;

-- Rows of approved batches that have no payment yet, a few of each cooperative.
create function batch_rows_due(p_now bigint, p_limit integer)
returns table (cooperative_id integer, row_id uuid, batch_id uuid, source text,
	member_id uuid, msisdn text, provider text, amount bigint, currency text, note text,
	tries integer, language text, approved_by uuid, code text)
language sql stable as $$
	select d.* from cooperatives c cross join lateral (
		select r.cooperative_id, r.row_id, r.batch_id, b.source, r.member_id, r.msisdn,
			r.provider, r.amount, b.currency, r.note, r.tries, m.language, b.approved_by, b.code
		from batches b join batch_rows r on r.cooperative_id = b.cooperative_id
			and r.batch_id = b.batch_id
		join members m on m.cooperative_id = r.cooperative_id and m.member_id = r.member_id
		where b.cooperative_id = c.cooperative_id and b.state = 'approved' and r.state = 'new'
			and r.next_try_ms <= p_now
		order by b.approved_ms, r.line limit p_limit) d
	limit p_limit;
$$;
create index batches_to_run on batches (cooperative_id) where state = 'approved';

-- A row could not be begun: again later, or, with p_next null, never.
create function batch_row_waits(p_coop integer, p_row uuid, p_reason text, p_next bigint)
returns void language plpgsql
security definer set search_path = pg_catalog, public as $$
begin
	update batch_rows set tries = tries + 1, reason = p_reason,
		next_try_ms = coalesce(p_next, next_try_ms),
		state = case when p_next is null then 'failed' else state end
	where cooperative_id = p_coop and row_id = p_row and state = 'new';
	perform batches_finish(p_coop);
end $$;

-- A batch of which every row is over is done.
create function batches_finish(p_coop integer)
returns void language sql as $$
	update batches b set state = 'done'
	where b.cooperative_id = p_coop and b.state = 'approved'
		and not exists (select from batch_rows r where r.cooperative_id = p_coop
			and r.batch_id = b.batch_id and r.state in ('new', 'paying'));
$$;

-- A row gets its payment; what was paid of it grows; it ends.  Stale: it has one already, or
-- its batch was stopped.
create function effect_batch_row(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
declare
	changed integer;
begin
	perform 1 from batches b where b.cooperative_id = p_coop and b.batch_id in (
		select r.batch_id from batch_rows r join jsonb_to_recordset(p_bodies) as x(row_id uuid)
			on x.row_id = r.row_id where r.cooperative_id = p_coop)
	order by b.batch_id for no key update;
	update batch_rows r set state = coalesce(x.state, r.state),
		paid = r.paid + coalesce(x.paid, 0), reason = coalesce(x.reason, '')
	from jsonb_to_recordset(p_bodies) as x(row_id uuid, state text, paid bigint, reason text)
	where r.cooperative_id = p_coop and r.row_id = x.row_id
		and case when x.state = 'paying' then r.state = 'new' and exists (
				select from batches b where b.cooperative_id = p_coop
					and b.batch_id = r.batch_id and b.state = 'approved')
			else r.state = 'paying' end;
	get diagnostics changed = row_count;
	if changed <> jsonb_array_length(p_bodies) then
		raise exception 'a row of a batch has moved on' using errcode = 'AD001';
	end if;
	perform batches_finish(p_coop);
end $$;

-- Each batch, the newest first; '' or a code.
create function batch_overview(p_code text)
returns table (code text, cooperative text, name text, source text, state text, made text,
	approved text, rows bigint, total bigint, currency text, fresh bigint, paying bigint,
	paid bigint, failed bigint, cancelled bigint, paid_sum bigint)
language sql stable as $$
	select b.code, c.code, b.name, b.source, b.state, m.number, coalesce(a.number, ''),
		count(*), sum(r.amount)::bigint, b.currency,
		count(*) filter (where r.state = 'new'), count(*) filter (where r.state = 'paying'),
		count(*) filter (where r.state = 'paid'), count(*) filter (where r.state = 'failed'),
		count(*) filter (where r.state = 'cancelled'), sum(r.paid)::bigint
	from batches b join cooperatives c on c.cooperative_id = b.cooperative_id
	join batch_rows r on r.cooperative_id = b.cooperative_id and r.batch_id = b.batch_id
	join members m on m.cooperative_id = b.cooperative_id and m.member_id = b.made_by
	left join members a on a.cooperative_id = b.cooperative_id and a.member_id = b.approved_by
	where p_code = '' or b.code = upper(p_code)
	group by b.cooperative_id, b.batch_id, c.code, m.number, a.number
	order by b.made_ms desc limit 100;
$$;

revoke all on function batch_make, batch_decide, batch_rows_due, batch_row_waits,
	batches_finish, effect_batch_row, batch_overview from public;
grant execute on function batch_make, batch_decide, batch_rows_due, batch_row_waits,
	batch_overview to adit_gateway;
grant select on batches, batch_rows to adit_gateway;
