// The usual stack of a USSD application in Node: express, ioredis, ussd-menu-builder; a session is one key, read and
// written once a hop.
const express = require('express');
const UssdMenu = require('ussd-menu-builder');
const { screens, ttl, redis, member } = require('./menu');

const store = redis();
const app = express();

function build(id) {
  const menu = new UssdMenu(); // one a request: a shared one mixes people up
  const session = {};
  const show = (name, next) => ({
    run: async () => {
      session.at = name;
      await store.set(`s:${id}`, JSON.stringify(session), 'EX', ttl);
      menu.con(screens[name](session.name));
    },
    next,
  });
  menu.startState(show('home', { 5: 'account' }));
  menu.state('account', show('account', { 3: 'language', 0: 'home' }));
  menu.state('language', show('language', { 0: 'account' }));
  menu.state('home', show('home', { 5: 'account' }));
  return { menu, session };
}

app.use(express.urlencoded({ extended: false }));
app.post('/ussd/at', async (req, res) => {
  const { menu, session } = build(req.body.sessionId);
  const kept = await store.get(`s:${req.body.sessionId}`);
  Object.assign(session, kept ? JSON.parse(kept) : await member(req.body.phoneNumber));
  menu.run(req.body, text => res.type('text/plain').send(text));
});
app.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('ready'));
