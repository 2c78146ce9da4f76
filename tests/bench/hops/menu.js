// The five screens that are measured, as both Node programs show them.
exports.screens = {
  home: name => `Mgodi Cooperative\n${name}\n1 Loan\n2 Sell\n3 Price today\n4 Receipts\n5 My account\n6 Equipment`,
  account: name => `${name}\n1 Balance\n2 Change PIN\n3 Language\n4 Savings\n0 Back`,
  language: () => 'Language\n1 English\n2 Kiswahili\n3 Francais\n0 Back 00 Home',
};
exports.ttl = 180;
exports.redis = () => new (require('ioredis'))(process.env.REDIS_SOCKET);
