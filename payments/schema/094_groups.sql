-- A group loan: each member's part is a loan of its own, asked for, decided and paid out with
-- the others'.  Of each member's savings a part is held as the guarantee until all is paid.

alter table loan_products
	add column guarantee_bp integer not null default 0 check (guarantee_bp between 0 and 10000);
comment on column loan_products.guarantee_bp is 'of each part of a group loan, held of her savings';

create table loan_groups (
	cooperative_id integer not null references cooperatives,
	group_id uuid not null,
	code text not null,
	name text not null check (length(name) between 1 and 30),
	product text not null,
	terms integer not null check (terms > 0),  -- instalments
	guarantee_bp integer not null,
	group_min integer not null,
	group_max integer not null,
	state text not null check (state in ('forming', 'seen', 'approved', 'closed', 'refused')),
	version integer not null default 1,
	made_by uuid not null,
	made_ms bigint not null,
	seen_by uuid,
	approved_by uuid,
	refused_by uuid,
	decided_ms bigint,
	primary key (cooperative_id, group_id),
	unique (cooperative_id, code)
);

create table loan_group_parts (
	cooperative_id integer not null,
	group_id uuid not null,
	member_id uuid not null,
	amount bigint not null check (amount > 0),
	loan_id uuid,  -- null: she has not agreed
	hold_id uuid,
	guarantee bigint not null default 0 check (guarantee >= 0),  -- held now
	called bigint not null default 0 check (called >= 0),        -- of it, paid for parts that were late
	added_ms bigint not null,
	primary key (cooperative_id, group_id, member_id),
	foreign key (cooperative_id, group_id) references loan_groups,
	foreign key (cooperative_id, member_id) references members,
	foreign key (cooperative_id, loan_id) references loans deferrable initially deferred,
	check ((guarantee > 0) = (hold_id is not null))
);
create unique index loan_group_parts_of_loan on loan_group_parts (cooperative_id, loan_id);
create index loan_group_parts_of_member on loan_group_parts (cooperative_id, member_id);
grant select on loan_groups, loan_group_parts to adit_gateway;

alter table loans
	add column call_asked_by uuid,
	add column call_asked_ms bigint;
comment on column loans.call_asked_by is 'the first of two officers who want the guarantee to pay';

create function effect_group_new(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
begin
	insert into loan_groups (cooperative_id, group_id, code, name, product, terms, guarantee_bp, group_min, group_max,
		state, made_by, made_ms)
	select p_coop, b.group_id, b.code, b.name, b.product, b.terms, b.guarantee_bp, b.group_min, b.group_max, 'forming',
		b.made_by, b.made_ms
	from jsonb_to_recordset(p_bodies) as b(group_id uuid, code text, name text, product text, terms integer,
		guarantee_bp integer, group_min integer, group_max integer, made_by uuid, made_ms bigint);
exception when unique_violation then
	raise exception 'the code is taken' using errcode = 'AD001';
end $$;

-- Every change of a group names the version it saw.
create function group_touch(p_coop integer, p_bodies jsonb, p_states text[])
returns void language plpgsql as $$
declare
	changed integer;
begin
	update loan_groups g set version = g.version + 1
	from jsonb_to_recordset(p_bodies) as b(group_id uuid, version integer)
	where g.cooperative_id = p_coop and g.group_id = b.group_id and g.version = b.version and g.state = any (p_states);
	get diagnostics changed = row_count;
	if changed <> jsonb_array_length(p_bodies) then
		raise exception 'the group changed meanwhile' using errcode = 'AD001';
	end if;
end $$;

create function effect_group_add(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
begin
	perform group_touch(p_coop, p_bodies, '{forming}');
	insert into loan_group_parts (cooperative_id, group_id, member_id, amount, added_ms)
	select p_coop, b.group_id, b.member_id, b.amount, b.added_ms
	from jsonb_to_recordset(p_bodies) as b(group_id uuid, member_id uuid, amount bigint, added_ms bigint)
	on conflict (cooperative_id, group_id, member_id) do update set amount = excluded.amount
	where loan_group_parts.loan_id is null;
end $$;

create function effect_group_join(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
declare
	changed integer;
begin
	perform group_touch(p_coop, p_bodies, '{forming}');
	update loan_group_parts p set loan_id = b.loan_id
	from jsonb_to_recordset(p_bodies) as b(group_id uuid, member_id uuid, loan_id uuid)
	where p.cooperative_id = p_coop and p.group_id = b.group_id and p.member_id = b.member_id and p.loan_id is null;
	get diagnostics changed = row_count;
	if changed <> jsonb_array_length(p_bodies) then
		raise exception 'not asked, or agreed before' using errcode = 'AD001';
	end if;
end $$;

-- A decision, or what became of the guarantee.  Refused, every part is refused with it.
create function effect_group_set(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
begin
	perform group_touch(p_coop, p_bodies, '{forming,seen,approved}');
	update loan_groups g set state = coalesce(b.state, g.state), seen_by = coalesce(b.seen_by, g.seen_by),
		approved_by = coalesce(b.approved_by, g.approved_by), refused_by = coalesce(b.refused_by, g.refused_by),
		decided_ms = coalesce(b.decided_ms, g.decided_ms)
	from jsonb_to_recordset(p_bodies) as b(group_id uuid, state text, seen_by uuid, approved_by uuid, refused_by uuid,
		decided_ms bigint)
	where g.cooperative_id = p_coop and g.group_id = b.group_id;
	update loan_group_parts p set hold_id = w.hold_id, guarantee = w.guarantee,
		called = p.called + coalesce(w.called, 0)
	from jsonb_to_recordset(p_bodies) as b(group_id uuid, parts jsonb),
		jsonb_to_recordset(coalesce(b.parts, '[]')) as w(member_id uuid, hold_id uuid, guarantee bigint, called bigint)
	where p.cooperative_id = p_coop and p.group_id = b.group_id and p.member_id = w.member_id;
	update loans l set call_asked_by = null, call_asked_ms = null
	from jsonb_to_recordset(p_bodies) as b(called_for uuid)
	where l.cooperative_id = p_coop and l.loan_id = b.called_for;
	update loans l set state = 'refused', version = l.version + 1, refused_by = b.refused_by, decided_ms = b.decided_ms
	from jsonb_to_recordset(p_bodies) as b(group_id uuid, state text, refused_by uuid, decided_ms bigint),
		loan_group_parts p
	where b.state = 'refused' and p.cooperative_id = p_coop and p.group_id = b.group_id
		and l.cooperative_id = p_coop and l.loan_id = p.loan_id and l.state = 'requested';
end $$;

-- Guard: one pull for all parts of a group at a time.
create function effect_group_pull(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
begin
	perform 1 from loan_groups g join jsonb_to_recordset(p_bodies) as b(group_id uuid)
		on g.group_id = b.group_id
	where g.cooperative_id = p_coop order by g.group_id for update of g;
	if exists (select 1 from payments p join jsonb_to_recordset(p_bodies) as b(group_id uuid)
			on p.purpose_id = b.group_id
			where p.cooperative_id = p_coop and p.purpose = 'group_in'
			and p.state not in ('paid', 'failed'))
		or (select count(distinct b.group_id) from jsonb_to_recordset(p_bodies)
			as b(group_id uuid)) < jsonb_array_length(p_bodies) then
		raise exception 'a pull is on its way' using errcode = 'AD001';
	end if;
end $$;

-- One word a loan; the second officer's is the payment itself.
create function effect_group_call_asked(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
declare
	changed integer;
begin
	update loans l set version = l.version + 1, call_asked_by = b.asked_by, call_asked_ms = b.asked_ms
	from jsonb_to_recordset(p_bodies) as b(loan_id uuid, version integer, asked_by uuid, asked_ms bigint)
	where l.cooperative_id = p_coop and l.loan_id = b.loan_id and l.version = b.version
		and l.state = 'live' and l.call_asked_by is null;
	get diagnostics changed = row_count;
	if changed <> jsonb_array_length(p_bodies) then
		raise exception 'loan changed meanwhile' using errcode = 'AD001';
	end if;
end $$;

-- A part is decided with its group only.
create or replace function loan_waits_for(l loans, a members)
returns boolean language sql stable as $$
	select l.member_id <> a.member_id and case l.state
		when 'requested' then a.roles & 4 <> 0 or (a.roles & 8 <> 0 and not l.needs_second)
		when 'seen' then a.roles & 8 <> 0 and l.seen_by <> a.member_id
		else false end
		and not exists (select from loan_group_parts p where p.cooperative_id = l.cooperative_id
			and p.loan_id = l.loan_id);
$$;

-- Of a loan that is a part: its group, whether another part still runs, and what is held.
create function loan_group_of(p_coop integer, p_loan uuid)
returns text language sql stable as $$
	select jsonb_build_object('group_id', g.group_id, 'version', g.version, 'name', g.name,
		'open', count(l.loan_id) filter (where l.loan_id <> p_loan
			and l.state in ('requested', 'seen', 'approved', 'ready', 'live')),
		'holds', coalesce(jsonb_agg(jsonb_build_object('member_id', p.member_id, 'hold_id', p.hold_id,
			'amount', p.guarantee, 'language', m.language, 'msisdn', (select n.msisdn from member_numbers n
				where n.cooperative_id = p_coop and n.member_id = p.member_id order by n.added_ms limit 1))
			order by p.member_id) filter (where p.hold_id is not null), '[]'))::text
	from loan_group_parts o
	join loan_groups g on g.cooperative_id = p_coop and g.group_id = o.group_id
	join loan_group_parts p on p.cooperative_id = p_coop and p.group_id = g.group_id
	join members m on m.cooperative_id = p_coop and m.member_id = p.member_id
	left join loans l on l.cooperative_id = p_coop and l.loan_id = p.loan_id
	where o.cooperative_id = p_coop and o.loan_id = p_loan
	group by g.group_id, g.version, g.name;
$$;
grant execute on function loan_group_of(integer, uuid) to adit_gateway;

-- What is held of savings is what the groups say.
alter function book_faults() rename to book_faults_of_arrivals;
create function book_faults() returns table (cooperative_id integer, invariant text, detail text)
language sql stable as $$
	select * from book_faults_of_arrivals()
	union all
	select p.cooperative_id, 'a guarantee is an open hold', format('%s of group %s: says %s, held %s', p.member_id,
		p.group_id, p.guarantee, h.amount)
	from loan_group_parts p left join transfers h on h.cooperative_id = p.cooperative_id
		and h.transfer_id = p.hold_id and h.kind = 1 and not exists (select from transfers r
			where r.cooperative_id = h.cooperative_id and r.hold_id = h.transfer_id)
	where p.hold_id is not null and h.amount is distinct from p.guarantee
	union all
	select g.cooperative_id, 'a guarantee ends with its group', g.code
	from loan_groups g join loan_group_parts p on p.cooperative_id = g.cooperative_id and p.group_id = g.group_id
	where g.state in ('closed', 'refused', 'forming', 'seen') and p.guarantee > 0
	union all
	select x.cooperative_id, 'a called guarantee pays at once', format('%s of group %s', x.balance, x.owner)
	from accounts x where x.kind = 19 and (x.balance <> 0)
$$;
grant execute on function book_faults() to adit_gateway;
alter function book_faults() set jit = off;

-- A new version takes the place of the one that was seen; another one in between is stale.
create or replace function effect_product_new(p_coop integer, p_bodies jsonb)
returns void language plpgsql as $$
begin
	perform 1 from cooperatives where cooperative_id = p_coop for update;
	if exists (select from jsonb_to_recordset(p_bodies) as b(code text, seen integer)
			where b.seen <> coalesce((select max(x.version) from loan_products x
				where x.cooperative_id = p_coop and x.code = b.code), 0)) then
		raise exception 'the product changed meanwhile' using errcode = 'AD001';
	end if;
	update loan_products p set active = false
	from jsonb_to_recordset(p_bodies) as b(code text)
	where p.cooperative_id = p_coop and p.code = b.code and p.active;
	insert into loan_products (cooperative_id, product_id, code, version, kind, name, name_sw, name_fr, active,
		on_phone, position, amount_min, amount_max, weeks_min, weeks_usual, weeks_max, term_choice, fee_bp,
		first_due_days, second_above, sale_share_permille, floor_permille, deposit_bp, buyout_bp, group_min,
		group_max, limit_first, limit_per_loan, limit_sales_permille, limit_sales_weeks, limit_per_late, contract,
		made_ms, guarantee_bp)
	select p_coop, b.product_id, b.code, b.seen + 1, b.kind, b.name, b.name_sw, b.name_fr, b.active, b.on_phone,
		b.position, b.amount_min, b.amount_max, b.terms_min, b.terms_usual, b.terms_max, b.term_choice, 0,
		b.first_due_days, b.second_above, b.sale_share_permille, b.floor_permille, b.deposit_bp, b.buyout_bp,
		b.group_min, b.group_max, b.limit_first, b.limit_per_loan, b.limit_sales_permille, b.limit_sales_weeks,
		b.limit_per_late, b.contract, b.made_ms,
		coalesce(b.guarantee_bp, 0)
	from jsonb_to_recordset(p_bodies) as b(product_id uuid, code text, seen integer, kind text, name text,
		name_sw text, name_fr text, active boolean, on_phone boolean, position integer, amount_min bigint,
		amount_max bigint, terms_min integer, terms_usual integer, terms_max integer, term_choice integer[],
		first_due_days integer, second_above bigint, sale_share_permille integer, floor_permille integer,
		deposit_bp integer, buyout_bp integer, group_min integer, group_max integer, limit_first bigint,
		limit_per_loan bigint, limit_sales_permille integer, limit_sales_weeks integer, limit_per_late bigint,
		contract jsonb, made_ms bigint, guarantee_bp integer);
end $$;
