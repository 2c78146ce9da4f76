-- The queue of payments: one index instead of three, as each step of a payment changes every index of it; and who looks
-- for what is due counts no more than can be taken.

create index payments_queue on payments (cooperative_id, provider, (case state when 'created' then 1 else 0 end), next_try_ms)
	where next_try_ms is not null;
drop index payments_due, payments_to_ask, payments_to_send;

-- A reference is looked for by itself, as a callback knows no cooperative: one index for that and for uniqueness.
alter table payments drop constraint payments_cooperative_id_reference_key;
drop index payments_by_reference;
create unique index payments_by_reference on payments (reference, cooperative_id);

-- What was said about a number is looked for by the number.
drop index payments_of_wallet, payments_by_time;
create index payments_of_wallet on payments (msisdn, provider, sent_ms);

-- For each cooperative and provider how many payments are due, counted up to p_most questions and as many new calls.
create function payments_due(p_now bigint, p_pull_delay bigint, p_most integer)
returns table (coop integer, rail text, due bigint) language plpgsql stable
security definer set search_path = pg_catalog, public as $$
begin
	for coop in select c.cooperative_id from cooperatives c loop
		rail := '';
		loop
			rail := (select p.provider from payments p
				where p.cooperative_id = coop and p.next_try_ms is not null and p.provider > rail
				order by p.provider limit 1);
			exit when rail is null;
			due := (select count(*) from (select from payments d
				where d.cooperative_id = coop and d.provider = rail and d.next_try_ms is not null
					and (case d.state when 'created' then 1 else 0 end) = 0
					and d.next_try_ms <= p_now and d.claimed_until_ms <= p_now limit p_most) x)
				+ (select count(*) from (select from payments d
				where d.cooperative_id = coop and d.provider = rail and d.next_try_ms is not null
					and (case d.state when 'created' then 1 else 0 end) = 1
					and d.next_try_ms <= p_now and d.claimed_until_ms <= p_now
					and (d.direction = 'out' or d.created_ms + p_pull_delay <= p_now) limit p_most) x);
			if due > 0 then
				return next;
			end if;
		end loop;
	end loop;
end $$;

-- Questions before new calls, as many as p_limit allows; see 115.
create or replace function payments_claim(p_coop integer, p_provider text, p_claim uuid, p_now bigint,
	p_until bigint, p_limit integer, p_submits boolean, p_pull_delay bigint)
returns setof payments language plpgsql
security definer set search_path = pg_catalog, public as $$
declare
	asked integer;
begin
	return query update payments p set claim = p_claim, claimed_until_ms = p_until, hinted = false
	where p.cooperative_id = p_coop and p.payment_id = any(array(select d.payment_id from payments d
		where d.cooperative_id = p_coop and d.provider = p_provider and d.next_try_ms is not null
			and (case d.state when 'created' then 1 else 0 end) = 0
			and d.next_try_ms <= p_now and d.claimed_until_ms <= p_now
		order by d.next_try_ms limit p_limit for update skip locked))
	returning p.*;
	get diagnostics asked = row_count;
	if not p_submits or asked >= p_limit or exists (select 1 from provider_pauses x
			where x.provider = p_provider) then
		return;
	end if;
	return query update payments p set claim = p_claim, claimed_until_ms = p_until, hinted = false
	where p.cooperative_id = p_coop and p.payment_id = any(array(select d.payment_id from payments d
		where d.cooperative_id = p_coop and d.provider = p_provider and d.next_try_ms is not null
			and (case d.state when 'created' then 1 else 0 end) = 1
			and d.next_try_ms <= p_now and d.claimed_until_ms <= p_now
			and (d.direction = 'out' or d.created_ms + p_pull_delay <= p_now)
		order by d.next_try_ms limit p_limit - asked for update skip locked))
	returning p.*;
end $$;

revoke all on function payments_due from public;
grant execute on function payments_due to adit_gateway;
