-- Nothing moves a float within days that are signed off.  A leg's moment stands in its id
-- (UUIDv7), so a gateway whose clock runs behind is refused, too: what it decided anew under
-- a later id may pass (AD001, as any guard that no longer holds).
alter function ledger_apply rename to ledger_apply_legs;

create function ledger_apply(p_coop integer, p_op uuid[], p_kind integer[], p_transfer uuid[], p_hold uuid[],
	p_debit uuid[], p_credit uuid[], p_amount bigint[], p_expires_ms bigint[]) returns void language plpgsql as $$
begin
	if exists (select from statement_locks x where x.cooperative_id = p_coop and exists (
			select from unnest(p_kind, p_transfer, p_debit, p_credit) as l(kind, transfer, debit, credit)
			where l.kind in (0, 2) and l.transfer < x.until_id and x.account_id in (l.debit, l.credit))) then
		raise exception 'the books of that day are signed off' using errcode = 'AD001';
	end if;
	perform ledger_apply_legs(p_coop, p_op, p_kind, p_transfer, p_hold, p_debit, p_credit, p_amount, p_expires_ms);
end $$;
revoke all on function ledger_apply, ledger_apply_legs from public;
