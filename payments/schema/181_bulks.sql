-- A bulk: payouts of one batch that a provider takes in one call, as a batch of its own
-- which another of our accounts there approves.  It is the cover of payments and never one
-- itself: each keeps its reference, and ends by a row of the provider's lists that names it.
--
--   new --> sent --> made --> approving --> approved --> done
--    ^--------'  `--> refused: nothing was taken, and each goes by itself
--
-- "sent" and "approving" are on disk before a byte leaves.  No money moves before the
-- approval: so whatever is lost before "approving" can be done again, and only what was
-- never "approving" may be refused.

create table bulks (
	cooperative_id integer not null references cooperatives,
	bulk_id uuid not null,  -- our reference of it over there
	batch_id uuid not null,
	provider text not null,
	state text not null default 'new' check (state in ('new', 'sent', 'made', 'approving',
		'approved', 'done', 'refused')),
	their_id text not null default '' check (octet_length(their_id) <= 63),
	made_ms bigint not null,
	changed_ms bigint not null,
	-- calls that were to make it; what came of the latest call, and how often in vain
	attempts integer not null default 0,
	said text not null default '',
	step integer not null default 0,
	misses integer not null default 0,
	missing_ms bigint not null default 0,
	-- a call was made whose answer does not say for sure that nothing was taken
	maybe_made boolean not null default false,
	-- the latest call was refused
	refused boolean not null default false,
	-- first about to be approved
	approving_ms bigint,
	next_ms bigint,  -- null: nothing left to do
	claim uuid,
	claimed_until_ms bigint not null default 0,
	primary key (cooperative_id, bulk_id),
	foreign key (cooperative_id, batch_id) references batches,
	check (state not in ('made', 'approving', 'approved', 'done') or their_id <> ''),
	check (state not in ('approving', 'approved', 'done') or approving_ms is not null),
	check (state <> 'refused' or approving_ms is null)
);
create index bulks_due on bulks (cooperative_id, next_ms) where next_ms is not null;
create index bulks_of_batch on bulks (cooperative_id, batch_id);

alter table payments
	-- waits for others of its batch: then nobody tries it by itself
	add column for_bulk boolean not null default false,
	add column bulk_id uuid,
	add foreign key (cooperative_id, bulk_id) references bulks;
create index payments_for_bulk on payments (cooperative_id, provider) where for_bulk;
create index payments_of_bulk on payments (cooperative_id, bulk_id) where bulk_id is not null;
grant select on bulks to adit_gateway;

-- After payment_new: it waits for the others.
create function effect_payment_for_bulk(p_coop integer, p_bodies jsonb)
returns void language sql as $$
	update payments p set for_bulk = true, next_try_ms = null
	from jsonb_to_recordset(p_bodies) as b(payment_id uuid)
	where p.cooperative_id = p_coop and p.payment_id = b.payment_id;
$$;

-- What waits for a provider that takes none, or waits for an hour, goes by itself.
create function bulks_let_go(p_providers text[], p_now bigint)
returns void language sql
security definer set search_path = pg_catalog, public as $$
	update payments set for_bulk = false, next_try_ms = p_now
	where for_bulk and (provider <> all(p_providers) or created_ms < p_now - 3600000);
$$;

-- Batches whose lines wait and of which nothing more is about to begin, or so many wait as
-- one bulk holds.
create function bulks_ready(p_providers text[], p_most integer[])
returns table (cooperative_id integer, batch_id uuid, provider text, code text)
language sql stable as $$
	select w.cooperative_id, b.batch_id, w.provider, b.code
	from (select p.cooperative_id, p.provider, r.batch_id, count(*) as lines
		from payments p join batch_rows r on r.cooperative_id = p.cooperative_id
			and r.row_id = p.purpose_id
		where p.for_bulk group by 1, 2, 3) w
	join unnest(p_providers, p_most) as n(provider, most) on n.provider = w.provider
	join batches b on b.cooperative_id = w.cooperative_id and b.batch_id = w.batch_id
	where not exists (select from provider_pauses x where x.provider = w.provider)
		and (w.lines >= n.most or b.state <> 'approved' or not exists (
			select from batch_rows r where r.cooperative_id = w.cooperative_id
				and r.batch_id = w.batch_id and r.state = 'new' and r.tries = 0))
	limit 8;
$$;

-- Takes those lines to look at them.  Who dies before bulk_form has them go by themselves
-- when the claim lapses.
create function bulk_gather(p_coop integer, p_batch uuid, p_provider text, p_claim uuid,
	p_until bigint, p_most integer)
returns setof payments language sql
security definer set search_path = pg_catalog, public as $$
	update payments p set for_bulk = false, claim = p_claim, claimed_until_ms = p_until,
		next_try_ms = p_until, hinted = false
	where p.cooperative_id = p_coop and p.payment_id = any(array(
		select d.payment_id from payments d join batch_rows r
			on r.cooperative_id = d.cooperative_id and r.row_id = d.purpose_id
		where d.cooperative_id = p_coop and d.for_bulk and d.provider = p_provider
			and r.batch_id = p_batch
		order by r.line limit p_most for update of d skip locked))
	returning p.*;
$$;

-- The lines that are still ours become one bulk: how many.  From here on they are asked
-- about and sent through it alone.
create function bulk_form(p_coop integer, p_bulk uuid, p_batch uuid, p_provider text,
	p_payments uuid[], p_claim uuid, p_now bigint)
returns integer language plpgsql
security definer set search_path = pg_catalog, public as $$
declare
	lines integer;
begin
	insert into bulks (cooperative_id, bulk_id, batch_id, provider, made_ms, changed_ms, next_ms)
	values (p_coop, p_bulk, p_batch, p_provider, p_now, p_now, p_now);
	with bound as (
		update payments set bulk_id = p_bulk, state = 'sent', attempts = attempts + 1,
			sent_ms = p_now, changed_ms = p_now, attention = '', next_try_ms = null,
			claim = null, claimed_until_ms = 0
		where cooperative_id = p_coop and payment_id = any(p_payments) and claim = p_claim
			and provider = p_provider and state = 'created'
		returning payment_id)
	insert into payment_events (cooperative_id, payment_id, at_ms, kind, detail)
	select p_coop, payment_id, p_now, 'send', 'in bulk ' || p_bulk from bound;
	get diagnostics lines = row_count;
	if lines = 0 then
		delete from bulks where cooperative_id = p_coop and bulk_id = p_bulk;
	end if;
	return lines;
end $$;

-- Bulks that are due and not in the caller's hands already (p_held): a visit may outlast
-- its claim.  To providers that are paused or not open nothing new is sent.
create function bulks_claim(p_providers text[], p_open text[], p_held uuid[], p_claim uuid,
	p_now bigint, p_until bigint, p_limit integer)
returns setof bulks language plpgsql
security definer set search_path = pg_catalog, public as $$
declare
	c integer;
begin
	for c in select x.cooperative_id from cooperatives x loop
		return query update bulks b set claim = p_claim, claimed_until_ms = p_until
		where b.cooperative_id = c and b.bulk_id = any(array(select d.bulk_id from bulks d
			where d.cooperative_id = c and d.next_ms <= p_now and d.claimed_until_ms <= p_now
				and d.provider = any(p_providers) and d.bulk_id <> all(p_held)
				and (d.state not in ('new', 'made') or (d.provider = any(p_open)
					and not exists (select from provider_pauses z
						where z.provider = d.provider)))
			order by d.next_ms limit p_limit for update skip locked))
		returning b.*;
	end loop;
end $$;

-- About to call, to make it ('sent') or to approve it ('approving').  False: the claim is
-- not ours any more; or a line ended without the bulk, which then is never approved: people
-- are told of the others, and may say at once what becomes of them.
create function bulk_mark(p_coop integer, p_bulk uuid, p_claim uuid, p_now bigint,
	p_until bigint, p_to text)
returns boolean language plpgsql
security definer set search_path = pg_catalog, public as $$
begin
	update bulks set state = p_to, changed_ms = p_now, claimed_until_ms = p_until, misses = 0,
		missing_ms = 0, refused = false,
		attempts = attempts + case p_to when 'sent' then 1 else 0 end,
		approving_ms = case p_to when 'approving' then coalesce(approving_ms, p_now)
			else approving_ms end
	where cooperative_id = p_coop and bulk_id = p_bulk and claim = p_claim
		and state = case p_to when 'sent' then 'new' when 'approving' then 'made' end
		and (approving_ms is not null or not exists (select from payments p
			where p.cooperative_id = p_coop and p.bulk_id = p_bulk
				and p.state in ('paid', 'failed')));
	if found then
		return true;
	end if;
	update bulks set next_ms = p_now + 3600000, claim = null, claimed_until_ms = 0
	where cooperative_id = p_coop and bulk_id = p_bulk and claim = p_claim
		and p_to = 'approving' and state = 'made';
	if found then
		update payments set attention = 'open', ladder_step = greatest(ladder_step, 20)
		where cooperative_id = p_coop and bulk_id = p_bulk and attention = ''
			and state in ('sent', 'accepted', 'unknown');
	end if;
	return false;
end $$;

-- The lines of a page of a list, all of which says p_said ('paid', 'failed'): those that
-- have not ended, or ended the other way.
create function bulk_take(p_coop integer, p_bulk uuid, p_refs uuid[], p_said text,
	p_claim uuid, p_now bigint, p_until bigint)
returns setof payments language sql
security definer set search_path = pg_catalog, public as $$
	update payments p set claim = p_claim, claimed_until_ms = p_until, hinted = false
	where p.cooperative_id = p_coop and p.bulk_id = p_bulk and p.reference = any(p_refs)
		and p.claimed_until_ms <= p_now and p.state <> 'created'
		and (p.state not in ('paid', 'failed') or (p.state <> p_said and p.attention = ''))
	returning p.*;
$$;

-- What a call brought, and the claim given back; the lines follow.  False: not ours any more.
create function bulk_heard(p_coop integer, p_bulk uuid, p_claim uuid, p_now bigint,
	p_said text, p_set jsonb)
returns boolean language plpgsql
security definer set search_path = pg_catalog, public as $$
declare
	s record;
begin
	select * into s from jsonb_to_record(p_set) as x(state text, their_id text, step integer,
		misses integer, missing_ms bigint, maybe_made boolean, refused boolean,
		attention text, next_ms bigint);
	update bulks set state = s.state, their_id = s.their_id, step = s.step,
		misses = s.misses, missing_ms = s.missing_ms, maybe_made = s.maybe_made,
		refused = s.refused, said = p_said, changed_ms = p_now, next_ms = s.next_ms,
		-- a provider that approves what it takes by itself
		approving_ms = case when s.state = 'approved' then coalesce(approving_ms, p_now)
			else approving_ms end,
		claim = null, claimed_until_ms = 0
	where cooperative_id = p_coop and bulk_id = p_bulk and claim = p_claim;
	if not found then
		return false;
	end if;
	if s.state = 'refused' then
		with freed as (
			update payments set bulk_id = null, state = 'created', maybe_taken = s.maybe_made,
				attention = '', next_try_ms = p_now, changed_ms = p_now
			where cooperative_id = p_coop and bulk_id = p_bulk
				and state in ('sent', 'accepted', 'unknown')
			returning payment_id)
		insert into payment_events (cooperative_id, payment_id, at_ms, kind, said, detail)
		select p_coop, payment_id, p_now, 'resend', p_said, 'bulk ' || p_bulk || ' was refused'
		from freed;
		return true;
	end if;
	update payments p set state = n.state, ladder_step = n.step, attention = n.attention,
		changed_ms = p_now
	from payments o cross join lateral (select
		case s.state when 'new' then 'sent' when 'sent' then 'unknown' else 'accepted' end as state,
		case when s.state = 'approved' and s.step >= 20 then greatest(o.ladder_step, s.step)
			else o.ladder_step end as step,
		case when o.attention in ('', 'open', 'setup') then s.attention
			else o.attention end as attention) n
	where o.cooperative_id = p_coop and o.bulk_id = p_bulk
		and o.state in ('sent', 'accepted', 'unknown')
		and (o.state, o.ladder_step, o.attention) <> (n.state, n.step, n.attention)
		and p.cooperative_id = o.cooperative_id and p.payment_id = o.payment_id;
	update bulks b set state = 'done', next_ms = null
	where b.cooperative_id = p_coop and b.bulk_id = p_bulk and b.state = 'approved'
		and not exists (select from payments p where p.cooperative_id = p_coop
			and p.bulk_id = p_bulk and p.state not in ('paid', 'failed'));
	return true;
end $$;

revoke all on function effect_payment_for_bulk, bulks_let_go, bulks_ready, bulk_gather,
	bulk_form, bulks_claim, bulk_mark, bulk_take, bulk_heard from public;
grant execute on function bulks_let_go, bulks_ready, bulk_gather, bulk_form, bulks_claim,
	bulk_mark, bulk_take, bulk_heard to adit_gateway;

alter function book_faults() rename to book_faults_before_bulks;
create function book_faults() returns table (cooperative_id integer, invariant text, detail text)
language sql stable as $$
	select * from book_faults_before_bulks()
	union all
	select b.cooperative_id, 'a bulk that is over has no line open', b.bulk_id::text
	from bulks b where b.state in ('done', 'refused') and exists (select from payments p
		where p.cooperative_id = b.cooperative_id and p.bulk_id = b.bulk_id
			and p.state not in ('paid', 'failed'))
$$;
grant execute on function book_faults() to adit_gateway;
alter function book_faults() set jit = off;
