-- An outcome that nobody tells is settled by people: one proposes it with evidence (the
-- provider's own reference, or the line of its statement) and a note, another confirms.  The
-- rails then book it as if the provider had said so; what the provider says later is still
-- compared, and a contradiction is one.

create table payment_resolutions (
	cooperative_id integer not null,
	payment_id uuid not null,
	proposed_ms bigint not null,
	outcome text not null check (outcome in ('paid', 'failed')),
	evidence text not null check (length(evidence) between 3 and 60),
	note text not null check (note <> '' and length(note) <= 200),
	proposed_by text not null check (proposed_by <> ''),
	confirmed_by text,
	decided_ms bigint, -- null: waits for the second person
	withdrawn boolean not null default false,
	primary key (cooperative_id, payment_id, proposed_ms),
	foreign key (cooperative_id, payment_id) references payments (cooperative_id, payment_id),
	check ((confirmed_by is not null or withdrawn) = (decided_ms is not null)),
	check (lower(confirmed_by) <> lower(proposed_by))
);
create unique index payment_resolutions_open on payment_resolutions (cooperative_id, payment_id)
	where decided_ms is null;
grant select on payment_resolutions to adit_gateway;

-- How it ended: '' or why not.  p_age: how long its outcome must have been asked for.
create function payment_propose(p_code text, p_outcome text, p_evidence text, p_note text,
	p_by text, p_now bigint, p_age bigint)
returns text language plpgsql
security definer set search_path = pg_catalog, public as $$
declare
	p payments;
begin
	select * into p from payments where code = p_code for update;
	if p.payment_id is null then
		return 'no_payment';
	elsif p.state not in ('sent', 'accepted', 'unknown') then
		return 'not_open';
	elsif p_now - p.sent_ms < p_age then
		return 'too_early';
	elsif exists (select from payment_resolutions r where r.cooperative_id = p.cooperative_id
			and r.payment_id = p.payment_id and r.decided_ms is null) then
		return 'proposed_before';
	elsif p_outcome = 'paid' and exists (select from payments o where o.provider = p.provider
			and o.provider_txn = p_evidence and o.payment_id <> p.payment_id) then
		return 'evidence_of_another';
	end if;
	insert into payment_resolutions (cooperative_id, payment_id, proposed_ms, outcome, evidence,
		note, proposed_by)
	values (p.cooperative_id, p.payment_id, p_now, p_outcome, p_evidence, p_note, p_by);
	update payments x set attention = 'proposed'
	where x.cooperative_id = p.cooperative_id and x.payment_id = p.payment_id
		and x.attention in ('', 'open');
	perform payment_event(p.cooperative_id, p.payment_id, p_now, 'proposed', p_outcome,
		p_evidence, p_by || ': ' || p_note);
	return '';
end $$;

-- The claim is taken away: an answer that is on its way meanwhile finds it settled.
create function payment_confirm(p_code text, p_yes boolean, p_by text, p_now bigint)
returns text language plpgsql
security definer set search_path = pg_catalog, public as $$
declare
	p payments;
	r payment_resolutions;
begin
	select * into p from payments where code = p_code for update;
	select * into r from payment_resolutions x where x.cooperative_id = p.cooperative_id
		and x.payment_id = p.payment_id and x.decided_ms is null;
	if r.payment_id is null then
		return 'not_proposed';
	elsif p_yes and lower(r.proposed_by) = lower(p_by) then
		return 'own_work';
	end if;
	update payment_resolutions x set decided_ms = p_now, withdrawn = not p_yes,
		confirmed_by = case when p_yes then p_by end
	where x.cooperative_id = r.cooperative_id and x.payment_id = r.payment_id
		and x.proposed_ms = r.proposed_ms;
	perform payment_event(p.cooperative_id, p.payment_id, p_now,
		case when p_yes then 'confirmed' else 'withdrawn' end, r.outcome, r.evidence, p_by);
	if p.state not in ('sent', 'accepted', 'unknown') then
		return 'not_open'; -- the provider was faster
	end if;
	if not p_yes then
		update payments x set attention = 'open'
		where x.cooperative_id = p.cooperative_id and x.payment_id = p.payment_id
			and x.attention = 'proposed';
	else
		update payments x set attention = case r.outcome when 'paid' then 'by_hand' else 'hand_failed' end,
			provider_txn = case r.outcome when 'paid' then r.evidence else x.provider_txn end,
			next_try_ms = p_now, claim = null, claimed_until_ms = 0
		where x.cooperative_id = p.cooperative_id and x.payment_id = p.payment_id;
	end if;
	return '';
end $$;
revoke all on function payment_propose, payment_confirm from public;
grant execute on function payment_propose, payment_confirm to adit_gateway;
