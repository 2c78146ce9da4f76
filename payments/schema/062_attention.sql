-- Every payment that needs a person, and why:
--   open           the provider has not said for long what became of it
--   setup          the provider refuses our account
--   amount         the provider names another amount
--   contradiction  it ended one way, and the provider now says the other
--   books          the provider decided, the books refuse to write it down
--   waiting        a payout that is due and was not handed over for an hour
--   wallet         the wallet took nothing on several days
--   owed           the newest payout failed, and what that left owed is not on its way
create function payments_attention(p_coop integer, p_now bigint)
returns table (cooperative_id integer, payment_id uuid, code text, reference uuid,
	direction text, provider text, purpose text, member text, msisdn text, amount bigint,
	currency text, state text, since_ms bigint, why text, said text)
language sql stable as $$
	with marked as (
		select p.cooperative_id, p.payment_id, p.amount, p.changed_ms as since, p.attention as why
		from payments p where p.attention <> ''
		union all
		select p.cooperative_id, p.payment_id, p.amount, p.created_ms, 'wallet'
		from payments p where p.next_try_ms is not null and p.attention = ''
			and p.direction = 'out' and p.state = 'created' and p.waits >= 2
		union all
		select p.cooperative_id, p.payment_id, p.amount, p.created_ms, 'waiting'
		from payments p where p.next_try_ms is not null and p.attention = ''
			and p.direction = 'out' and p.state = 'created' and p.waits < 2
			and p_now - 3600000 >= case when p.attempts = 0 then p.next_try_ms
				else p.created_ms end
		union all
		select a.cooperative_id, f.payment_id, -a.balance - a.pending_debit, f.changed_ms, 'owed'
		from accounts a join account_kinds k on k.kind = a.kind
		cross join lateral (select p.payment_id, p.changed_ms, p.state from payments p
			where p.cooperative_id = a.cooperative_id and p.member_id = a.owner
				and p.direction = 'out' and p.currency = a.unit
				and p.state in ('paid', 'failed')
			order by p.changed_ms desc, p.payment_id desc limit 1) f
		where k.name = 'member' and a.balance + a.pending_debit < 0 and f.state = 'failed'
	)
	select p.cooperative_id, p.payment_id, p.code, p.reference, p.direction, p.provider,
		p.purpose, coalesce(m.number, ''), p.msisdn, w.amount, p.currency, p.state, w.since,
		w.why, case when p.reason <> '' then p.reason else p.said end
	from marked w join payments p on p.cooperative_id = w.cooperative_id
		and p.payment_id = w.payment_id
	left join members m on m.cooperative_id = p.cooperative_id and m.member_id = p.member_id
	where p_coop = 0 or p.cooperative_id = p_coop
	order by w.since, p.payment_id limit 1000;
$$;
create index payments_of_member on payments (cooperative_id, member_id, changed_ms)
	where direction = 'out';

-- A person has looked at a payment that is over: it is not listed for that any more.
create function payment_seen(p_code text, p_now bigint, p_note text)
returns boolean language plpgsql
security definer set search_path = pg_catalog, public as $$
declare
	p payments;
begin
	update payments set attention = ''
	where code = p_code and attention <> '' and state in ('paid', 'failed')
		and next_try_ms is null
	returning * into p;
	if p.payment_id is null then
		return false;
	end if;
	perform payment_event(p.cooperative_id, p.payment_id, p_now, 'seen', '', '', p_note);
	return true;
end $$;
revoke all on function payment_seen from public;
grant execute on function payment_seen to adit_gateway;

-- How well the provider knows who holds the wallet.
create function effect_member_tier(p_coop integer, p_bodies jsonb)
returns void language sql as $$
	update members m set wallet_tier = b.tier
	from jsonb_to_recordset(p_bodies) as b(member_id uuid, tier smallint)
	where m.cooperative_id = p_coop and m.member_id = b.member_id;
$$;
