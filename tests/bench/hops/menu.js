// The five screens that are measured, as both Node programs show them.
exports.screens = {
  home: name => `Mgodi Cooperative\n${name}\n1 Loan\n2 Sell\n3 Price today\n4 Receipts\n5 My account\n6 Equipment`,
  account: name => `${name}\n1 Balance\n2 Change PIN\n3 Language\n4 Savings\n0 Back`,
  language: () => 'Language\n1 English\n2 Kiswahili\n3 Francais\n0 Back 00 Home',
};
// Who dials: known beforehand, or read from PostgreSQL as Adit does, with what waits for her.
const who = {
  name: 'dials',
  text: `select m.name, (select count(*) from lots t where t.cooperative_id = m.cooperative_id
    and t.seller_id = m.member_id and t.state = 'quoted' and t.expires_ms > $2) as lots
    from member_numbers n join members m using (cooperative_id, member_id) where n.msisdn = $1 limit 1`,
};
const pool = process.env.READ_MEMBERS ? new (require('pg').Pool)({ max: 4 }) : null;
exports.member = async phone => {
  if (!pool) return { name: 'Bench Miner' };
  const { rows } = await pool.query({ ...who, values: [phone.replace('+', ''), Date.now()] });
  return { name: rows[0].name, lots: rows[0].lots };
};
exports.ttl = 180;
exports.redis = () => new (require('ioredis'))(process.env.REDIS_SOCKET);
