-- Lots of any mineral: a price is for so much content (a gram of pure gold, a kilogram of
-- tin), stones are valued by the lot.  Weights keep the unit they were said in.

create table minerals (
	mineral text primary key,
	symbol text not null unique check (length(symbol) <= 2),  -- of ledger units: mg.Sn.fine
	price_mg bigint check (price_mg > 0),  -- what a price is for; null: the lot is valued
	lot_max_mg bigint not null check (lot_max_mg > 0),
	unit text not null  -- what a number alone means
);
insert into minerals values
	('gold', 'Au', 1000, 50000000, 'g'),
	('tin', 'Sn', 1000000, 1000000000, 'kg'),
	('tantalum', 'Ta', 1000000, 1000000000, 'kg'),
	('tungsten', 'W', 1000000, 1000000000, 'kg'),
	('cobalt', 'Co', 1000000, 1000000000, 'kg'),
	('stones', 'St', null, 1000000, 'ct');

-- Where a cooperative has no row, gold pays what trade_rules say and others the same.  An
-- offer further from the board than the deviation, or above the world price, needs a
-- second officer.
create table mineral_rules (
	cooperative_id integer not null references cooperatives,
	mineral text not null references minerals,
	paid_permille integer not null check (paid_permille between 1 and 1000),
	deviation_permille integer not null default 0 check (deviation_permille between 0 and 1000),
	primary key (cooperative_id, mineral)
);

-- A cooperative's own measures, calibrated: a new version takes the place of the old for
-- new lots.  Milligrams of one = mg_num / mg_den.
create table weight_units (
	cooperative_id integer not null references cooperatives,
	code text not null check (code ~ '^[a-z][a-z0-9]{0,10}$'),
	version integer not null check (version > 0),
	mg_num bigint not null check (mg_num > 0),
	mg_den bigint not null check (mg_den > 0),
	set_ms bigint not null,
	primary key (cooperative_id, code, version),
	check (mg_num::numeric / mg_den <= 1000000000)
);

alter table price_board
	add column mineral text not null default 'gold' references minerals;
drop index price_board_waits;
create unique index price_board_waits on price_board (cooperative_id, mineral)
	where state = 'waiting';

alter table levies
	add column mineral text references minerals,  -- null: all
	add column country text,
	add column legal text not null default '';

alter table lots
	add column mineral text not null default 'gold' references minerals,
	add column price_mg bigint not null default 1000 check (price_mg > 0),
	add column typed_amount text not null default '',
	add column typed_unit text not null default '',
	add column unit_version integer not null default 0,
	add column board_permille integer,
	add column above_world boolean not null default false,
	add column needs_second boolean not null default false,
	add column second_by uuid,
	add column second_ms bigint,
	alter column price_id drop not null,
	drop constraint lots_method_check,
	add constraint lots_method check (method in ('xrf', 'density', 'touchstone', 'fire',
		'valuer')),
	drop constraint lots_paid_permille_check,
	add constraint lots_paid check (paid_permille between 1 and 2000),
	drop constraint lots_check1,
	add constraint lots_in_order check (gross_value >= net and (world_value >= gross_value
		or above_world and needs_second)),
	add constraint lots_second foreign key (cooperative_id, second_by) references members,
	add constraint lots_two_officers check (second_by <> recorded_by and second_by <> seller_id),
	add constraint lots_sold_seconded check (state <> 'sold' or not needs_second
		or second_by is not null);
create index lots_for_second on lots (cooperative_id, recorded_ms)
	where needs_second and second_by is null and state = 'quoted';

create or replace function effect_price_new(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
begin
	update price_board p set state = 'replaced'
	from jsonb_to_recordset(p_bodies) as b(mineral text)
	where p.cooperative_id = p_coop and p.state = 'waiting'
		and p.mineral = coalesce(b.mineral, 'gold');
	insert into price_board (cooperative_id, price_id, fine_gram, paid_permille, source,
		state, set_by, set_ms, request_key, mineral)
	select p_coop, b.price_id, b.fine_gram, b.paid_permille, b.source, 'waiting', b.set_by,
		b.set_ms, b.request_key, coalesce(b.mineral, 'gold')
	from jsonb_to_recordset(p_bodies) as b(price_id uuid, fine_gram bigint,
		paid_permille integer, source text, set_by uuid, set_ms bigint, request_key uuid,
		mineral text);
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
		typed_unit, unit_version, board_permille, above_world, needs_second)
	select p_coop, b.lot_id, b.code, 'quoted', b.site_id, b.seller_id, b.recorded_by,
		b.recorded_ms, b.expires_ms, b.method, b.tag, b.price_id, b.price_source,
		b.gross_mg, b.fineness, b.fine_mg, b.fine_gram, b.paid_permille, b.world_value,
		b.gross_value, b.levies_total, b.net, b.loan_id, b.loan_share, b.payout,
		b.request_key, b.mineral, b.price_mg, b.typed_amount, b.typed_unit,
		b.unit_version, b.board_permille, b.above_world, b.needs_second
	from jsonb_to_recordset(p_bodies) as b(lot_id uuid, code text, site_id uuid,
		seller_id uuid, recorded_by uuid, recorded_ms bigint, expires_ms bigint,
		method text, tag text, price_id uuid, price_source text, gross_mg bigint,
		fineness integer, fine_mg bigint, fine_gram bigint, paid_permille integer,
		world_value bigint, gross_value bigint, levies_total bigint, net bigint,
		loan_id uuid, loan_share bigint, payout bigint, request_key uuid, mineral text,
		price_mg bigint, typed_amount text, typed_unit text, unit_version integer,
		board_permille integer, above_world boolean, needs_second boolean);
	insert into lot_lines (cooperative_id, lot_id, line, levy_id, code, payee, base,
		rate_bp, amount)
	select p_coop, b.lot_id, w.line, w.levy_id, w.code, w.payee, w.base, w.rate_bp,
		w.amount
	from jsonb_to_recordset(p_bodies) as b(lot_id uuid, lines jsonb),
		jsonb_to_recordset(b.lines) as w(line integer, levy_id uuid, code text,
		payee text, base text, rate_bp integer, amount bigint);
exception when unique_violation then
	raise exception 'lot recorded already' using errcode = 'AD001';
end $$;

-- The second officer agrees to an offer off the board, or not.  The miner's time to agree
-- begins then.
create function effect_lot_second(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
declare
	changed integer;
begin
	update lots l set version = l.version + 1, second_by = b.second_by,
		second_ms = b.second_ms, expires_ms = b.expires_ms, state = b.state
	from jsonb_to_recordset(p_bodies) as b(lot_id uuid, version integer, second_by uuid,
		second_ms bigint, expires_ms bigint, state text)
	where l.cooperative_id = p_coop and l.lot_id = b.lot_id and l.version = b.version
		and l.state = 'quoted' and l.needs_second and l.second_by is null
		and l.recorded_by <> b.second_by and l.seller_id <> b.second_by;
	get diagnostics changed = row_count;
	if changed <> jsonb_array_length(p_bodies) then
		raise exception 'lot decided already' using errcode = 'AD001';
	end if;
end $$;

grant select on minerals, mineral_rules, weight_units to adit_gateway;

-- The weight in stock, of every mineral.
create or replace function book_faults() returns table (cooperative_id integer, invariant text, detail text)
language sql stable as $$
	select * from ledger_faults()
	union all
	select b.cooperative_id, 'receipts are a chain', format('number %s %s: %s', b.number, b.code, b.what)
	from receipt_breaks b
	union all
	select b.cooperative_id, 'decisions are a chain', format('batch %s: %s', b.batch, b.what)
	from audit_breaks b
	union all
	select l.cooperative_id, 'a loan owes what the ledger says',
		format('%s: says %s and %s earned, the ledger says %s and %s', l.code, l.principal - l.principal_paid,
			l.booked - l.fee_paid, a.principal, a.charges)
	from loans l cross join lateral (select coalesce(sum(x.balance) filter (where x.kind = 4), 0) as principal,
			coalesce(sum(x.balance) filter (where x.kind = 5), 0) as charges from accounts x
		where x.cooperative_id = l.cooperative_id and x.owner = l.loan_id and x.kind in (4, 5)) a
	where (l.state in ('live', 'closed')
			and (a.principal, a.charges) <> (l.principal - l.principal_paid, l.booked - l.fee_paid))
		or (l.state = 'written_off' and (a.principal, a.charges) <> (0, 0))
	union all
	select l.cooperative_id, 'a loan''s rows are its total', l.code
	from loans l cross join lateral (select sum(r.principal + r.interest + r.fee + r.penalty) as total,
			sum(r.principal_paid) as principal_paid,
			sum(r.interest_paid + r.fee_paid + r.penalty_paid) as fee_paid
		from loan_rows r where r.cooperative_id = l.cooperative_id and r.loan_id = l.loan_id) r
	where l.state in ('live', 'closed')
		and (r.total, r.principal_paid, r.fee_paid) is distinct from (l.total, l.principal_paid, l.fee_paid)
	union all
	select l.cooperative_id, 'a loan''s events are numbered without a gap', l.code
	from loans l cross join lateral (select count(*) as n, coalesce(max(e.event), 0) as last from loan_events e
		where e.cooperative_id = l.cooperative_id and e.loan_id = l.loan_id) e
	where e.n <> l.events or e.last <> l.events
	union all
	select s.cooperative_id, 'the weight in stock is the weight sold', format('%s %s', s.code, u.unit)
	from sites s cross join minerals i
		cross join lateral (values ('mg.' || i.symbol || '.gross'), ('mg.' || i.symbol || '.fine')) u(unit)
	where (select coalesce(sum(case when u.unit like '%.gross' then t.gross_mg else t.fine_mg end), 0) from lots t
			where t.cooperative_id = s.cooperative_id and t.site_id = s.site_id and t.state = 'sold'
			and t.mineral = i.mineral)
		<> (select coalesce(sum(x.balance), 0) from accounts x
			where x.cooperative_id = s.cooperative_id and x.owner = s.site_id and x.kind = 9 and x.unit = u.unit)
	union all
	select p.cooperative_id, 'a payout ends with its hold', format('%s is %s', p.code, p.state)
	from payments p left join transfers r on r.cooperative_id = p.cooperative_id and r.hold_id = p.hold_id
	where p.direction = 'out' and p.hold_id is not null
		and r.kind is distinct from case p.state when 'paid' then 2 when 'failed' then 3 end
$$;
