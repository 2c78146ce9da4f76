-- Fees that are owed and the float they come off are found without reading every account.
create index accounts_of_providers on accounts (cooperative_id, owner, unit) where kind in (0, 21);
