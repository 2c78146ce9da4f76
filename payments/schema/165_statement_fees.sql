-- What a tariff booked with its payment is in our float already: only fees beyond it explain
-- a difference (fees_since).  One that the float did not cover when it was booked is not.
--
-- One day of an account: theirs, ours, and what explains the difference.  All cooperatives
-- with a float there count together, as the account is one.
create or replace function statement_account(p_provider text, p_owner uuid, p_currency text, p_day integer)
returns table (lines bigint, opening bigint, paid_in bigint, withdrawn bigint, fees bigint, closing bigint,
	ledger_opening bigint, ledger_in bigint, ledger_out bigint, ledger_closing bigint, carried bigint,
	fees_since bigint, only_there bigint, only_here bigint, differing bigint, other_day bigint, unexplained bigint)
language plpgsql stable as $$
declare
	theirs bigint;
	ours bigint;
	c record;
begin
	select count(*), coalesce(sum(l.amount) filter (where l.kind = 'in' and l.state = 'done'), 0),
		coalesce(-sum(l.amount) filter (where l.kind = 'out' and l.state = 'done'), 0),
		coalesce(sum(l.fee - case l.kind when 'fee' then l.amount else 0 end) filter (where l.state = 'done'), 0)
	into lines, paid_in, withdrawn, fees
	from statement_lines l where l.provider = p_provider and l.currency = p_currency and l.day = p_day;
	closing := statement_closing(p_provider, p_currency, p_day);
	select l.balance - l.amount + l.fee into opening
	from statement_lines l join statement_files f on f.provider = l.provider and f.file_hash = l.file_hash
	where l.provider = p_provider and l.currency = p_currency and l.day = p_day and l.state = 'done'
		and l.balance is not null
	order by l.at_ms, case when f.descending then -l.line_no else l.line_no end limit 1;
	opening := coalesce(opening, closing);
	ledger_opening := 0; ledger_in := 0; ledger_out := 0; ledger_closing := 0;
	fees_since := 0; only_there := 0; only_here := 0; differing := 0; theirs := 0; ours := 0;
	for c in select k.cooperative_id, a.account_id, a.balance, statement_from(k.cooperative_id, p_provider, p_day) as since,
			uuid7_floor(day_begin_ms(k.cooperative_id, p_day)) as begins,
			uuid7_floor(day_begin_ms(k.cooperative_id, p_day + 1)) as ends
		from cooperatives k left join accounts a on a.cooperative_id = k.cooperative_id and a.kind = 0
			and a.owner = p_owner and a.unit = p_currency
	loop
		if c.account_id is not null then
			select ledger_closing + c.balance - coalesce(sum(e.amount) filter (where e.transfer_id >= c.ends), 0),
				ledger_in + coalesce(sum(e.amount) filter (where e.amount > 0 and e.transfer_id < c.ends), 0),
				ledger_out - coalesce(sum(e.amount) filter (where e.amount < 0 and e.transfer_id < c.ends), 0)
			into ledger_closing, ledger_in, ledger_out
			from entries e where e.cooperative_id = c.cooperative_id and e.account_id = c.account_id
				and e.transfer_id >= c.begins;
		end if;
		select theirs + coalesce(sum(l.amount) filter (where l.kind <> 'fee'), 0),
			fees_since + coalesce(sum(l.fee - case l.kind when 'fee' then l.amount else 0 end), 0)
		into theirs, fees_since
		from statement_lines l where l.cooperative_id = c.cooperative_id and l.provider = p_provider
			and l.currency = p_currency and l.state = 'done' and l.day > c.since and l.day <= p_day;
		select fees_since - coalesce(sum(f.fee), 0) into fees_since
		from payment_fees f where f.cooperative_id = c.cooperative_id and f.provider = p_provider
			and f.currency = p_currency and not f.due
			and f.booked_ms >= day_begin_ms(c.cooperative_id, c.since + 1)
			and f.booked_ms < day_begin_ms(c.cooperative_id, p_day + 1);
		select ours + coalesce(sum(o.amount), 0) into ours
		from statement_ours(c.cooperative_id, p_provider, c.since, p_day) o where o.currency = p_currency;
		select only_there + coalesce(sum(x.amount) filter (where x.state = 'done'
				and (x.payment_code is null or x.again)), 0),
			differing + coalesce(sum(case when x.state = 'done' then x.amount else 0 end
				- case when x.our_state <> 'paid' then 0 when x.direction = 'out' then -x.our_amount
					else x.our_amount end) filter (where x.payment_code is not null and not x.again), 0)
		into only_there, differing
		from statement_pairs(c.cooperative_id, p_provider, c.since, p_day) x
		where x.kind <> 'fee' and x.currency = p_currency;
		select only_here + coalesce(sum(o.amount), 0) into only_here
		from statement_only_ours(c.cooperative_id, p_provider, c.since, p_day) o where o.currency = p_currency;
	end loop;
	ledger_opening := ledger_closing - ledger_in + ledger_out;
	carried := coalesce((select max(x.carried) from statement_locks x where x.provider = p_provider), 0);
	other_day := theirs - ours - only_there + only_here - differing;
	unexplained := closing - ledger_closing - carried + fees_since - (theirs - ours);
	return next;
end $$;
