// The fast way in Node: fastify, ioredis, a switch by hand.
const fastify = require('fastify')();
const { screens, ttl, redis, member } = require('./menu');

const store = redis();
const next = {
  home: { 5: 'account' },
  account: { 3: 'language', 0: 'home' },
  language: { 0: 'account' },
};

fastify.register(require('@fastify/formbody'));
fastify.post('/ussd/at', async (req, reply) => {
  const { sessionId, phoneNumber, text } = req.body;
  const kept = await store.get(`s:${sessionId}`);
  const session = kept ? JSON.parse(kept) : { ...(await member(phoneNumber)), at: null };
  const typed = text.slice(text.lastIndexOf('*') + 1);
  session.at = session.at === null ? 'home' : next[session.at][typed] || session.at;
  await store.set(`s:${sessionId}`, JSON.stringify(session), 'EX', ttl);
  reply.type('text/plain');
  return `CON ${screens[session.at](session.name)}`;
});
fastify.listen({ port: Number(process.env.PORT), host: '127.0.0.1' }).then(() => console.log('ready'));
