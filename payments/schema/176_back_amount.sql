-- What a payout gives back is held against what came in: never more, and with some providers nothing less.

alter table payments add column back_amount bigint not null default 0; -- of back_of
comment on column payments.back_amount is 'what the collection or arrival of back_of brought';

create function payment_brought(p_coop integer, p_source uuid) returns bigint
language sql stable as $$
	select coalesce((select p.amount from payments p where p.cooperative_id = p_coop and p.payment_id = p_source
			and p.direction = 'in'),
		(select a.amount from arrivals a where a.cooperative_id = p_coop and a.arrival_id = p_source), 0)
$$;
revoke all on function payment_brought from public;
grant execute on function payment_brought to adit_gateway;

update payments p set back_amount = payment_brought(p.cooperative_id, p.back_of) where p.back_of is not null;

create or replace function effect_payment_back(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
begin
	update payments p set back_of = b.back_of, back_reference = b.back_reference,
		back_txn = coalesce(b.back_txn, ''), back_amount = payment_brought(p_coop, b.back_of)
	from jsonb_to_recordset(p_bodies) as b(payment_id uuid, back_of uuid, back_reference uuid, back_txn text)
	where p.cooperative_id = p_coop and p.payment_id = b.payment_id;
exception when unique_violation then
	raise exception 'given back before' using errcode = 'AD001';
end $$;
