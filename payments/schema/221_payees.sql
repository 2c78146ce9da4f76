-- Some networks tell whose wallet it is only when the money is there.  If that is another name
-- than who was to be paid, the payment is paid nonetheless, and a person looks at it once.
create table payment_payees (
	cooperative_id integer not null,
	payment_id uuid not null,
	told text not null check (told <> '' and length(told) <= 80),
	told_ms bigint not null,
	seen_ms bigint,
	primary key (cooperative_id, payment_id),
	foreign key (cooperative_id, payment_id) references payments
);
create index payment_payees_open on payment_payees (cooperative_id, told_ms) where seen_ms is null;
grant select on payment_payees to adit_gateway;

-- False: it was told before, an officer let the name pass before the money went, or the money
-- goes back to whoever sent it.
create function payment_payee_differs(p_coop integer, p_payment uuid, p_told text, p_now bigint)
returns boolean language plpgsql
security definer set search_path = pg_catalog, public as $$
begin
	insert into payment_payees (cooperative_id, payment_id, told, told_ms)
	select p.cooperative_id, p.payment_id, p_told, p_now
	from payments p
	where p.cooperative_id = p_coop and p.payment_id = p_payment and p.direction = 'out'
		and p.purpose not in ('refund_out', 'back_out')
		and not exists (select from payment_releases r
			where r.cooperative_id = p_coop and r.payment_id = p_payment)
	on conflict do nothing;
	if found then
		perform payment_event(p_coop, p_payment, p_now, 'payee', '', p_told, '');
		return true;
	end if;
	return false;
end $$;
revoke all on function payment_payee_differs from public;
grant execute on function payment_payee_differs to adit_gateway;

-- What needs a person, as before, and why:
--   payee          paid, to a wallet in another name
alter function payments_attention(integer, bigint) rename to payments_attention_before_payees;
create function payments_attention(p_coop integer, p_now bigint)
returns table (cooperative_id integer, payment_id uuid, code text, reference uuid,
	direction text, provider text, purpose text, member text, msisdn text, amount bigint,
	currency text, state text, since_ms bigint, why text, said text)
language sql stable as $$
	select * from (
		select * from payments_attention_before_payees(p_coop, p_now)
		union all
		select p.cooperative_id, p.payment_id, p.code, p.reference, p.direction, p.provider,
			p.purpose, coalesce(m.number, ''), p.msisdn, p.amount, p.currency, p.state, y.told_ms,
			'payee', y.told
		from payment_payees y
		join payments p on p.cooperative_id = y.cooperative_id and p.payment_id = y.payment_id
		left join members m on m.cooperative_id = p.cooperative_id and m.member_id = p.member_id
		where y.seen_ms is null and p.state = 'paid' and (p_coop = 0 or p.cooperative_id = p_coop)
	) l order by l.since_ms, l.payment_id limit 1000;
$$;
grant execute on function payments_attention, payments_attention_before_payees to adit_gateway;

create or replace function payment_seen(p_code text, p_now bigint, p_note text)
returns boolean language plpgsql
security definer set search_path = pg_catalog, public as $$
declare
	p payments;
	marked boolean;
	named boolean;
begin
	select * into p from payments
	where code = p_code and state in ('paid', 'failed') and next_try_ms is null for update;
	if p.payment_id is null then
		return false;
	end if;
	update payments set attention = ''
	where cooperative_id = p.cooperative_id and payment_id = p.payment_id and attention <> '';
	marked := found;
	update payment_payees set seen_ms = p_now
	where cooperative_id = p.cooperative_id and payment_id = p.payment_id and seen_ms is null
		and p.state = 'paid';
	named := found;
	if marked or named then
		perform payment_event(p.cooperative_id, p.payment_id, p_now, 'seen', '', '', p_note);
	end if;
	return marked or named;
end $$;
