-- settle: the functions through which all money moves.
--   settle_batch  many operations of one cooperative, decided by the writer, one commit
--   settle_one    one operation, decided here: exact, idempotent; the answer to any doubt
-- SQLSTATEs:  AD001 a guard of an effect no longer holds   AD002 another writer took over
--             AD003 a leg is impossible; the detail is the result's number

-- Holds shared by every batch, exclusively by a takeover: no old batch can commit after the epoch has moved.
create function settle_fence(p_epoch bigint) returns void language plpgsql as $$
begin
	perform pg_advisory_xact_lock_shared(7236452101);
	if p_epoch is distinct from (select epoch from writer_lease where lease = 1) then
		raise exception 'another writer took over' using errcode = 'AD002';
	end if;
end $$;

-- The lease, taken when it has run out or is our own from before a crash.  Returns the epoch, or 0 and who has it.
create function lease_take(p_holder text, p_lease_ms bigint, out epoch bigint, out held_by text)
language plpgsql security definer set search_path = pg_catalog, public as $$
declare
	now_is writer_lease;
begin
	perform pg_advisory_xact_lock(7236452101);
	select * into now_is from writer_lease where lease = 1 for update;
	if now_is.until > clock_timestamp() and now_is.holder <> p_holder then
		epoch := 0;
		held_by := now_is.holder;
		return;
	end if;
	update writer_lease w set epoch = w.epoch + 1, holder = p_holder,
		until = clock_timestamp() + p_lease_ms * interval '1 millisecond'
	where w.lease = 1 returning w.epoch, w.holder into lease_take.epoch, lease_take.held_by;
end $$;

create function lease_renew(p_epoch bigint, p_lease_ms bigint) returns boolean
language sql security definer set search_path = pg_catalog, public as $$
	update writer_lease set until = clock_timestamp() + p_lease_ms * interval '1 millisecond'
	where lease = 1 and epoch = p_epoch returning true
$$;

-- Given up at a clean stop, so that the next writer need not wait.
create function lease_drop(p_epoch bigint) returns boolean
language sql security definer set search_path = pg_catalog, public as $$
	update writer_lease set until = '-infinity' where lease = 1 and epoch = p_epoch returning true
$$;

-- Transfers, entries and balances of the legs; arrays run in parallel, one element a leg.
create function ledger_apply(p_coop integer, p_op uuid[], p_kind integer[], p_transfer uuid[], p_hold uuid[],
	p_debit uuid[], p_credit uuid[], p_amount bigint[], p_expires_ms bigint[]) returns void language plpgsql as $$
declare
	faulty record;
	touched integer;
	wanted integer;
	unbalanced numeric;
begin
	if p_hold is not null then
		select l.kind, l.amount, t.amount as held, r.kind as resolved, t.debit = l.debit and t.credit = l.credit as same
		into faulty
		from unnest(p_kind, p_hold, p_debit, p_credit, p_amount) as l(kind, hold, debit, credit, amount)
		left join transfers t on t.cooperative_id = p_coop and t.transfer_id = l.hold and t.kind = 1
		left join transfers r on r.cooperative_id = p_coop and r.hold_id = l.hold
		where l.kind >= 2 and (t.transfer_id is null or r.kind is not null or t.debit <> l.debit or t.credit <> l.credit
			or l.amount > t.amount or (l.kind > 2 and l.amount <> t.amount))
		limit 1;
		if found then
			raise exception 'leg cannot be' using errcode = 'AD003', detail = case
				when faulty.held is null then 2
				when faulty.resolved = 2 then 3
				when faulty.resolved = 3 then 4
				when faulty.resolved = 4 then 5
				when not faulty.same then 9
				else 6 end::text;
		end if;
	end if;
	insert into transfers (cooperative_id, transfer_id, op_key, debit, credit, amount, kind, hold_id, expires_at)
	select p_coop, l.transfer, l.op, l.debit, l.credit, l.amount, l.kind, l.hold,
		case when l.expires_ms > 0 then to_timestamp(l.expires_ms / 1000.0) end
	from unnest(p_op, p_kind, p_transfer, coalesce(p_hold, array[]::uuid[]), p_debit, p_credit, p_amount, p_expires_ms)
		as l(op, kind, transfer, hold, debit, credit, amount, expires_ms);
	insert into entries (cooperative_id, account_id, transfer_id, amount)
	select p_coop, s.account, l.transfer, s.amount
	from unnest(p_kind, p_transfer, p_debit, p_credit, p_amount) as l(kind, transfer, debit, credit, amount)
	cross join lateral (values (l.debit, l.amount), (l.credit, -l.amount)) as s(account, amount)
	where l.kind in (0, 2) order by s.account;
	with legs as (
		select l.kind, l.debit, l.credit, l.amount, coalesce(t.amount, l.amount) as held
		from unnest(p_kind, coalesce(p_hold, array[]::uuid[]), p_debit, p_credit, p_amount)
			as l(kind, hold, debit, credit, amount)
		left join transfers t on p_hold is not null and l.hold is not null and t.cooperative_id = p_coop
			and t.transfer_id = l.hold
	), sides as (
		select s.account, s.amount, s.pending_debit, s.pending_credit from legs l cross join lateral (values
			(l.debit, case when l.kind in (0, 2) then l.amount else 0 end,
				case l.kind when 0 then 0 when 1 then l.amount else -l.held end, 0::bigint),
			(l.credit, case when l.kind in (0, 2) then -l.amount else 0 end,
				0::bigint, case l.kind when 0 then 0 when 1 then l.amount else -l.held end))
			as s(account, amount, pending_debit, pending_credit)
	), net as (
		select account, sum(amount)::bigint as amount, sum(pending_debit)::bigint as pending_debit,
			sum(pending_credit)::bigint as pending_credit
		from sides group by account order by account
	), changed as (
		update accounts a set balance = a.balance + n.amount, pending_debit = a.pending_debit + n.pending_debit,
			pending_credit = a.pending_credit + n.pending_credit
		from net n where a.cooperative_id = p_coop and a.account_id = n.account
		returning a.unit, n.amount
	)
	select (select count(*) from net), (select count(*) from changed),
		(select max(abs(u.total)) from (select sum(amount) as total from changed group by unit) u)
	into wanted, touched, unbalanced;
	if touched <> wanted then
		raise exception 'a leg names an account that is not open' using errcode = 'AD003', detail = '9';
	end if;
	if unbalanced <> 0 then
		raise exception 'a leg joins two units' using errcode = 'AD003', detail = '9';
	end if;
end $$;

create function accounts_open(p_coop integer, p_ids uuid[], p_kinds integer[], p_owners uuid[], p_units text[])
returns void language sql as $$
	insert into accounts (cooperative_id, account_id, kind, rule, unit, owner)
	select distinct on (n.id) p_coop, n.id, k.kind, k.rule, n.unit, n.owner
	from unnest(p_ids, p_kinds, p_owners, p_units) as n(id, kind, owner, unit) join account_kinds k on k.kind = n.kind
	order by n.id -- two batches that open the same accounts must meet them in the same order
	on conflict do nothing
$$;

-- p_kinds[i] has the bodies p_bodies[i], a JSON array; effect_<kind> writes them all at once.
create function apply_effects(p_coop integer, p_kinds text[], p_bodies text[]) returns void language plpgsql as $$
begin
	for i in 1 .. coalesce(array_length(p_kinds, 1), 0) loop
		execute format('select %I($1, $2)', 'effect_' || p_kinds[i]) using p_coop, p_bodies[i]::jsonb;
	end loop;
end $$;

create function settle_batch(p_coop integer, p_epoch bigint,
	p_keys uuid[], p_contents uuid[], p_kinds text[], p_actors uuid[], p_results integer[],
	p_account_ids uuid[], p_account_kinds integer[], p_account_owners uuid[], p_account_units text[],
	p_leg_op uuid[], p_leg_kind integer[], p_leg_transfer uuid[], p_leg_hold uuid[],
	p_leg_debit uuid[], p_leg_credit uuid[], p_leg_amount bigint[], p_leg_expires_ms bigint[],
	p_effect_kinds text[], p_effect_bodies text[]) returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
	perform settle_fence(p_epoch);
	insert into operations (cooperative_id, op_key, content, kind, actor, result)
	select p_coop, o.* from unnest(p_keys, p_contents, p_kinds, p_actors, p_results) as o(key, content, kind, actor, result);
	if p_account_ids is not null then
		perform accounts_open(p_coop, p_account_ids, p_account_kinds, p_account_owners, p_account_units);
	end if;
	if p_leg_op is not null then
		perform ledger_apply(p_coop, p_leg_op, p_leg_kind, p_leg_transfer, p_leg_hold, p_leg_debit, p_leg_credit,
			p_leg_amount, p_leg_expires_ms);
	end if;
	perform apply_effects(p_coop, p_effect_kinds, p_effect_bodies);
end $$;

-- result: enum op_result; repeated: the answer is that of an earlier submission.
create function settle_one(p_coop integer, p_epoch bigint, p_key uuid, p_content uuid, p_kind text, p_actor uuid,
	p_account_ids uuid[], p_account_kinds integer[], p_account_owners uuid[], p_account_units text[],
	p_leg_op uuid[], p_leg_kind integer[], p_leg_transfer uuid[], p_leg_hold uuid[],
	p_leg_debit uuid[], p_leg_credit uuid[], p_leg_amount bigint[], p_leg_expires_ms bigint[],
	p_effect_kinds text[], p_effect_bodies text[], out result integer, out repeated boolean)
language plpgsql security definer set search_path = pg_catalog, public as $$
declare
	before record;
	fault text;
	said text;
begin
	perform settle_fence(p_epoch);
	result := 0;
	repeated := false;
	begin
		insert into operations (cooperative_id, op_key, content, kind, actor, result)
		values (p_coop, p_key, p_content, p_kind, p_actor, 0) on conflict do nothing;
		if not found then
			select o.content, o.result into before from operations o where o.cooperative_id = p_coop and o.op_key = p_key;
			result := case when before.content = p_content then before.result else 7 end;
			repeated := before.content = p_content;
			return;
		end if;
		if p_account_ids is not null then
			perform accounts_open(p_coop, p_account_ids, p_account_kinds, p_account_owners, p_account_units);
		end if;
		if p_leg_op is not null then
			perform 1 from accounts a where a.cooperative_id = p_coop and a.account_id = any(p_leg_debit || p_leg_credit)
				order by a.account_id for update;
			perform ledger_apply(p_coop, p_leg_op, p_leg_kind, p_leg_transfer, p_leg_hold, p_leg_debit, p_leg_credit,
				p_leg_amount, p_leg_expires_ms);
		end if;
		perform apply_effects(p_coop, p_effect_kinds, p_effect_bodies);
		return;
	exception
		when sqlstate 'AD001' then
			result := 8;
			return;
		when sqlstate 'AD003' then
			get stacked diagnostics said = pg_exception_detail;
			result := said::integer;
		when check_violation then
			get stacked diagnostics fault = constraint_name;
			if fault not in ('accounts_asset', 'accounts_debt') then
				raise;
			end if;
			result := 1;
	end;
	if result <> 9 then -- a caller's bug is not an answer to remember
		insert into operations (cooperative_id, op_key, content, kind, actor, result)
		values (p_coop, p_key, p_content, p_kind, p_actor, result);
	end if;
end $$;

revoke all on function settle_fence, lease_take, lease_renew, lease_drop, ledger_apply, accounts_open, apply_effects,
	settle_batch, settle_one, ledger_pack_accounts from public;
grant execute on function lease_take, lease_renew, lease_drop, settle_batch, settle_one to adit_gateway;
