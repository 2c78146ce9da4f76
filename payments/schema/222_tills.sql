-- A till (Buy Goods) tells what came to it without a word of ours: what a prompt of ours brought is
-- told once more as money that came, and only number and amount say so.  Each prompt takes one
-- receipt, and each receipt belongs to one prompt.
create table till_receipts (
	cooperative_id integer not null,
	payment_id uuid not null,
	provider text not null,
	receipt text not null check (receipt <> '' and length(receipt) <= 64),
	told_ms bigint not null,
	primary key (cooperative_id, payment_id),
	unique (cooperative_id, provider, receipt),
	foreign key (cooperative_id, payment_id) references payments
);
create index till_receipts_told on till_receipts (provider, receipt);

-- The reference of the prompt that brought this, null: none of ours.  p_number may be masked
-- with stars, or '' where the network tells none.  A prompt that failed, is a day old, has its
-- receipt, or whose outcome named another one is not it.
create function till_prompt(p_provider text, p_receipt text, p_number text, p_amount bigint, p_now bigint)
returns uuid language plpgsql
security definer set search_path = pg_catalog, public as $$
declare
	p payments;
begin
	select q.* into p from till_receipts t join payments q on q.cooperative_id = t.cooperative_id
		and q.payment_id = t.payment_id
	where t.provider = p_provider and t.receipt = p_receipt;
	if p.payment_id is not null then
		return p.reference;
	end if;
	select q.* into p from cooperatives c join payments q on q.cooperative_id = c.cooperative_id
		and q.created_ms > p_now - 86400000
	where q.provider = p_provider and q.direction = 'in' and q.amount = p_amount and q.attempts > 0
		and q.state <> 'failed'
		and (p_number = '' or q.msisdn like replace(p_number, '*', '_'))
		and not exists (select from till_receipts t where t.cooperative_id = q.cooperative_id
			and t.payment_id = q.payment_id)
		and not exists (select from payment_events e where e.cooperative_id = q.cooperative_id
			and e.payment_id = q.payment_id and e.kind = 'callback'
			and e.detail like '%MpesaReceiptNumber%' and position(p_receipt in e.detail) = 0)
	order by q.created_ms limit 1;
	if p.payment_id is null then
		return null;
	end if;
	insert into till_receipts values (p.cooperative_id, p.payment_id, p_provider, p_receipt, p_now)
	on conflict do nothing;
	return p.reference;
end $$;
revoke all on function till_prompt from public;
grant execute on function till_prompt to adit_gateway;
