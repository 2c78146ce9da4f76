-- The end of a payment, inside the operation that moves the money.  Whose claim lapsed has
-- nothing to say any more: a refusal heard long ago must not release the hold of a call
-- that somebody else has made since.
create or replace function effect_payment_outcome(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
declare
	settled integer;
begin
	with told as (
		select b.payment_id, b.state, coalesce(b.provider_txn, '') as provider_txn,
			coalesce(b.said, '') as said, coalesce(b.reason, '') as reason, b.claim, t.at
		from jsonb_to_recordset(p_bodies) as b(payment_id uuid, state text,
			provider_txn text, said text, reason text, claim uuid, at_ms bigint)
		cross join lateral (select coalesce(b.at_ms,
			(extract(epoch from clock_timestamp()) * 1000)::bigint) as at) t
		where b.state in ('paid', 'failed')
	), done as (
		update payments p set state = t.state, provider_txn = t.provider_txn,
			said = t.said, reason = t.reason, changed_ms = greatest(t.at, p.created_ms),
			attention = '', next_try_ms = null, claim = null, claimed_until_ms = 0
		from told t
		where p.cooperative_id = p_coop and p.payment_id = t.payment_id
			and p.state not in ('paid', 'failed')
			and (t.claim is null or p.claim = t.claim)
		returning p.payment_id, p.changed_ms, p.state, p.said, p.reason
	), noted as (
		insert into payment_events (cooperative_id, payment_id, at_ms, kind, verdict, said,
			detail)
		select p_coop, payment_id, changed_ms, 'outcome', state, said, reason from done
		returning 1)
	select count(*) into settled from noted;
	if settled <> jsonb_array_length(p_bodies) then
		raise exception 'a payment is settled already' using errcode = 'AD001';
	end if;
end $$;
