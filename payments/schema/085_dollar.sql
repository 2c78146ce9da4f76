-- The rate of the dollar stands on the board like a price: one officer types it with its
-- source, another confirms it, and after the hours of the board it is too old.  Premiums
-- and charges in dollars are reckoned with it when a lot is quoted.

alter table minerals
	add column traded boolean not null default true, -- false: no lot can be of it
	-- What the world quotes a dollar price for, in milligrams of pure content: an ounce
	-- of gold, a tonne of tin, a pound of tantalum, ten kilograms of tungsten.
	add column quote text not null default '',
	add column quote_num bigint not null default 1 check (quote_num > 0),
	add column quote_den bigint not null default 1 check (quote_den > 0);
insert into minerals (mineral, symbol, price_mg, lot_max_mg, unit, traded)
	values ('dollar', 'US', 1, 1, 'g', false);
update minerals m set quote = q.quote, quote_num = q.num, quote_den = q.den
from (values ('gold', 'ounce', 311034768, 10000), ('tin', 'tonne', 1000000000, 1),
		('tantalum', 'pound', 45359237, 100), ('tungsten', 'mtu', 10000000, 1),
		('cobalt', 'tonne', 1000000000, 1)) q(mineral, quote, num, den)
where m.mineral = q.mineral;

-- A price that was typed in dollars keeps what was typed and the rate it was reckoned with.
alter table price_board
	add column usd_cents bigint check (usd_cents > 0),
	add column dollar_id uuid,
	add constraint price_board_dollar foreign key (cooperative_id, dollar_id)
		references price_board (cooperative_id, price_id),
	add constraint price_board_in_dollars check ((usd_cents is null) = (dollar_id is null));

alter table levies
	add column usd_micro bigint not null default 0 check (usd_micro >= 0),
	add column ref_micro bigint not null default 0 check (ref_micro >= 0),
	drop constraint levies_base,
	add constraint levies_base check (base in ('world', 'gross')
		or base = 'reference'
		or base in ('premium', 'weight', 'charge', 'discount') and rate_bp = 0
			and per_kg + usd_micro > 0),
	add constraint levies_reference check (base = 'reference' or ref_micro = 0);
alter table lot_lines
	add column usd_micro bigint not null default 0,
	add column ref_micro bigint not null default 0;
alter table lots
	add column dollar bigint check (dollar > 0),
	add column dollar_id uuid,
	add column charges_total bigint not null default 0 check (charges_total >= 0),
	add constraint lots_dollar foreign key (cooperative_id, dollar_id)
		references price_board (cooperative_id, price_id),
	add constraint lots_dollar_known check ((dollar is null) = (dollar_id is null));

-- Where the rate comes from, when it was confirmed, and by which two.
create function dollar_source(p_coop integer, p_rate uuid) returns text
language sql stable as $$
	select concat_ws(', ', p.source, to_char(to_timestamp(p.confirmed_ms / 1000.0)
			at time zone c.timezone, 'YYYY-MM-DD HH24:MI'),
		a.number || ' and ' || b.number)
	from price_board p
	join cooperatives c on c.cooperative_id = p.cooperative_id
	join members a on a.cooperative_id = p.cooperative_id and a.member_id = p.set_by
	left join members b on b.cooperative_id = p.cooperative_id and b.member_id = p.confirmed_by
	where p.cooperative_id = p_coop and p.price_id = p_rate
$$;
grant execute on function dollar_source to adit_gateway;

create or replace function effect_price_new(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
begin
	update price_board p set state = 'replaced'
	from jsonb_to_recordset(p_bodies) as b(mineral text)
	where p.cooperative_id = p_coop and p.state = 'waiting'
		and p.mineral = coalesce(b.mineral, 'gold');
	insert into price_board (cooperative_id, price_id, fine_gram, paid_permille, source,
		state, set_by, set_ms, request_key, mineral, usd_cents, dollar_id)
	select p_coop, b.price_id, b.fine_gram, b.paid_permille, b.source, 'waiting', b.set_by,
		b.set_ms, b.request_key, coalesce(b.mineral, 'gold'), b.usd_cents, b.dollar_id
	from jsonb_to_recordset(p_bodies) as b(price_id uuid, fine_gram bigint,
		paid_permille integer, source text, set_by uuid, set_ms bigint, request_key uuid,
		mineral text, usd_cents bigint, dollar_id uuid);
exception when unique_violation then
	raise exception 'another price waits' using errcode = 'AD001';
end $$;

create or replace function effect_lot_new(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
begin
	insert into lots (cooperative_id, lot_id, code, state, site_id, seller_id, recorded_by,
		recorded_ms, expires_ms, method, tag, price_id, price_source, gross_mg, fineness,
		fine_mg, fine_gram, paid_permille, world_value, gross_value, levies_total, net,
		loan_id, loan_share, payout, request_key, mineral, price_mg, typed_amount,
		typed_unit, unit_version, board_permille, above_world, needs_second, dollar,
		dollar_id, charges_total)
	select p_coop, b.lot_id, b.code, 'quoted', b.site_id, b.seller_id, b.recorded_by,
		b.recorded_ms, b.expires_ms, b.method, b.tag, b.price_id, b.price_source,
		b.gross_mg, b.fineness, b.fine_mg, b.fine_gram, b.paid_permille, b.world_value,
		b.gross_value, b.levies_total, b.net, b.loan_id, b.loan_share, b.payout,
		b.request_key, b.mineral, b.price_mg, b.typed_amount, b.typed_unit,
		b.unit_version, b.board_permille, b.above_world, b.needs_second, b.dollar,
		b.dollar_id, coalesce(b.charges_total, 0)
	from jsonb_to_recordset(p_bodies) as b(lot_id uuid, code text, site_id uuid,
		seller_id uuid, recorded_by uuid, recorded_ms bigint, expires_ms bigint,
		method text, tag text, price_id uuid, price_source text, gross_mg bigint,
		fineness integer, fine_mg bigint, fine_gram bigint, paid_permille integer,
		world_value bigint, gross_value bigint, levies_total bigint, net bigint,
		loan_id uuid, loan_share bigint, payout bigint, request_key uuid, mineral text,
		price_mg bigint, typed_amount text, typed_unit text, unit_version integer,
		board_permille integer, above_world boolean, needs_second boolean,
		dollar bigint, dollar_id uuid, charges_total bigint);
	insert into lot_lines (cooperative_id, lot_id, line, levy_id, code, payee, base,
		rate_bp, amount, per_kg, usd_micro, ref_micro)
	select p_coop, b.lot_id, w.line, w.levy_id, w.code, w.payee, w.base, w.rate_bp,
		w.amount, coalesce(w.per_kg, 0), coalesce(w.usd_micro, 0), coalesce(w.ref_micro, 0)
	from jsonb_to_recordset(p_bodies) as b(lot_id uuid, lines jsonb),
		jsonb_to_recordset(b.lines) as w(line integer, levy_id uuid, code text,
		payee text, base text, rate_bp integer, amount bigint, per_kg bigint,
		usd_micro bigint, ref_micro bigint);
exception when unique_violation then
	raise exception 'lot recorded already' using errcode = 'AD001';
end $$;
