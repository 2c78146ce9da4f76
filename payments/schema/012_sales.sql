-- Lots as quoted and sold, their deductions, and the receipts: a chain per site.

create table lots (
	cooperative_id integer not null references cooperatives,
	lot_id uuid not null,
	version integer not null default 1,
	code text not null,
	state text not null check (state in ('quoted', 'sold', 'refused', 'expired')),
	site_id uuid not null,
	seller_id uuid not null,
	recorded_by uuid not null,
	recorded_ms bigint not null,
	expires_ms bigint not null,
	method text not null check (method in ('xrf', 'density', 'touchstone', 'fire')),
	tag text not null,
	price_id uuid not null,
	price_source text not null,
	gross_mg bigint not null check (gross_mg > 0),
	fineness integer not null check (fineness between 1 and 1000),
	fine_mg bigint not null check (fine_mg >= 0),
	fine_gram bigint not null check (fine_gram > 0),
	paid_permille integer not null check (paid_permille between 1 and 1000),
	world_value bigint not null,
	gross_value bigint not null,
	levies_total bigint not null check (levies_total >= 0),
	net bigint not null,
	loan_id uuid,
	loan_share bigint not null check (loan_share >= 0),
	payout bigint not null check (payout >= 0),
	sold_ms bigint,
	payment_id uuid,
	payment_code text,
	receipt_code text,
	owed_after bigint not null default 0,
	request_key uuid not null,
	primary key (cooperative_id, lot_id),
	unique (cooperative_id, code),
	unique (cooperative_id, request_key),
	foreign key (cooperative_id, site_id) references sites,
	foreign key (cooperative_id, seller_id) references members,
	foreign key (cooperative_id, recorded_by) references members,
	foreign key (cooperative_id, price_id) references price_board,
	foreign key (cooperative_id, loan_id) references loans,
	check (seller_id <> recorded_by),
	check (world_value >= gross_value and gross_value >= net),
	check (net = gross_value - levies_total),
	check (payout = net - loan_share)
);
create index lots_of_seller on lots (cooperative_id, seller_id, recorded_ms);

create table lot_lines (
	cooperative_id integer not null,
	lot_id uuid not null,
	line integer not null,
	levy_id uuid not null,
	code text not null,
	payee text not null,
	base text not null,
	rate_bp integer not null,
	amount bigint not null check (amount >= 0),
	primary key (cooperative_id, lot_id, line),
	foreign key (cooperative_id, lot_id) references lots,
	foreign key (cooperative_id, levy_id) references levies
);

create table receipts (
	cooperative_id integer not null,
	site_id uuid not null,
	number bigint not null check (number > 0),
	code text not null,
	lot_id uuid not null,
	member_id uuid not null,
	made_ms bigint not null,
	text text not null,
	previous_hash bytea not null check (octet_length(previous_hash) = 32),
	hash bytea not null check (octet_length(hash) = 32),
	primary key (cooperative_id, site_id, number),
	unique (cooperative_id, code),
	unique (cooperative_id, lot_id),
	foreign key (cooperative_id, site_id) references sites,
	foreign key (cooperative_id, lot_id) references lots,
	foreign key (cooperative_id, member_id) references members
);
create index receipts_by_code on receipts (code);
create index receipts_of_member on receipts (cooperative_id, member_id, made_ms);

create function effect_lot_new(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
begin
	insert into lots (cooperative_id, lot_id, code, state, site_id, seller_id, recorded_by,
		recorded_ms, expires_ms, method, tag, price_id, price_source, gross_mg, fineness,
		fine_mg, fine_gram, paid_permille, world_value, gross_value, levies_total, net,
		loan_id, loan_share, payout, request_key)
	select p_coop, b.lot_id, b.code, 'quoted', b.site_id, b.seller_id, b.recorded_by,
		b.recorded_ms, b.expires_ms, b.method, b.tag, b.price_id, b.price_source,
		b.gross_mg, b.fineness, b.fine_mg, b.fine_gram, b.paid_permille, b.world_value,
		b.gross_value, b.levies_total, b.net, b.loan_id, b.loan_share, b.payout,
		b.request_key
	from jsonb_to_recordset(p_bodies) as b(lot_id uuid, code text, site_id uuid,
		seller_id uuid, recorded_by uuid, recorded_ms bigint, expires_ms bigint,
		method text, tag text, price_id uuid, price_source text, gross_mg bigint,
		fineness integer, fine_mg bigint, fine_gram bigint, paid_permille integer,
		world_value bigint, gross_value bigint, levies_total bigint, net bigint,
		loan_id uuid, loan_share bigint, payout bigint, request_key uuid);
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

create function effect_lot_set(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
declare
	changed integer;
begin
	update lots l set version = l.version + 1, state = b.state,
		sold_ms = coalesce(b.sold_ms, l.sold_ms),
		loan_id = case when b.state = 'sold' then b.loan_id else l.loan_id end,
		loan_share = coalesce(b.loan_share, l.loan_share),
		payout = coalesce(b.payout, l.payout),
		owed_after = coalesce(b.owed_after, l.owed_after),
		payment_id = coalesce(b.payment_id, l.payment_id),
		payment_code = coalesce(b.payment_code, l.payment_code),
		receipt_code = coalesce(b.receipt_code, l.receipt_code)
	from jsonb_to_recordset(p_bodies) as b(lot_id uuid, version integer, state text,
		sold_ms bigint, loan_id uuid, loan_share bigint, payout bigint, owed_after bigint,
		payment_id uuid, payment_code text, receipt_code text)
	where l.cooperative_id = p_coop and l.lot_id = b.lot_id and l.version = b.version
		and l.state = 'quoted';
	get diagnostics changed = row_count;
	if changed <> jsonb_array_length(p_bodies) then
		raise exception 'lot decided already' using errcode = 'AD001';
	end if;
end $$;

-- The one place where a receipt's text is put together and hashed.  The lines after the
-- number come from the gateway (payments/core/receipt.c).
create function receipt_text(p_previous bytea, p_number bigint, p_lines text)
returns text language sql immutable as $$
	select 'adit receipt 1' || E'\n' || 'previous: ' || encode(p_previous, 'hex') || E'\n'
		|| 'number: ' || p_number || E'\n' || p_lines;
$$;

-- Numbers are gapless because the site's row is locked by the transaction that sells.
create function effect_receipt_new(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
declare
	b record;
	s sites;
	whole text;
begin
	for b in select * from jsonb_to_recordset(p_bodies) as x(site_id uuid, code text,
		lot_id uuid, member_id uuid, made_ms bigint, lines text) order by site_id, lot_id
	loop
		select * into strict s from sites
		where cooperative_id = p_coop and site_id = b.site_id for update;
		whole := receipt_text(s.receipt_hash, s.receipt_last + 1, b.lines);
		insert into receipts (cooperative_id, site_id, number, code, lot_id, member_id,
			made_ms, text, previous_hash, hash)
		values (p_coop, b.site_id, s.receipt_last + 1, b.code, b.lot_id, b.member_id,
			b.made_ms, whole, s.receipt_hash, sha256(convert_to(whole, 'UTF8')));
		update sites set receipt_last = s.receipt_last + 1,
			receipt_hash = sha256(convert_to(whole, 'UTF8'))
		where cooperative_id = p_coop and site_id = b.site_id;
	end loop;
exception when unique_violation then
	raise exception 'receipt exists' using errcode = 'AD001';
end $$;

-- Every break of the chain, recomputed from the stored texts: no row means that nothing
-- was altered, removed or put in between.
create view receipt_breaks as
with chain as (
	select r.*, lag(r.hash) over w as before_hash, lag(r.number) over w as before_number
	from receipts r window w as (partition by cooperative_id, site_id order by number)
)
select cooperative_id, site_id, number, code, 'the text was altered' as what
from chain where hash <> sha256(convert_to(text, 'UTF8'))
union all
select cooperative_id, site_id, number, code, 'numbers have a gap'
from chain where number <> coalesce(before_number, 0) + 1
union all
select cooperative_id, site_id, number, code, 'not chained to the one before'
from chain where previous_hash <> coalesce(before_hash, decode(repeat('00', 32), 'hex'))
	or split_part(text, E'\n', 2) <> 'previous: ' || encode(previous_hash, 'hex')
	or split_part(text, E'\n', 3) <> 'number: ' || number
union all
select s.cooperative_id, s.site_id, s.receipt_last, '', 'the last receipt is not the site''s'
from sites s left join lateral (
	select number, hash from receipts r
	where r.cooperative_id = s.cooperative_id and r.site_id = s.site_id
	order by number desc limit 1) l on true
where s.receipt_last <> coalesce(l.number, 0)
	or s.receipt_hash <> coalesce(l.hash, decode(repeat('00', 32), 'hex'))
union all
select l.cooperative_id, l.site_id, 0, l.code, 'a sold lot without receipt'
from lots l where l.state = 'sold' and not exists (
	select 1 from receipts r
	where r.cooperative_id = l.cooperative_id and r.lot_id = l.lot_id);

grant select on lots, lot_lines, receipts, receipt_breaks to adit_gateway;
