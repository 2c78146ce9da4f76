// sms_trip.js WHO PORT SECONDS WINDOW MEMBERS - SMS in to reply SMS out, WINDOW people at a time, each waits for her reply.
//
//   adit    SMS go to its URL /sms/sink/path on PORT; replies come to our HTTP on SINK_PORT, which speaks as Kannel does
//   kannel  both ways over the line of its fake SMSC on PORT
//
// One JSON object: trips a second, how long one takes (median and the slowest of a hundred, ms), and what went wrong.
"use strict";
const http = require("http");
const net = require("net");
const [who, port, seconds, window, members] = process.argv.slice(2).map((a, i) => (i === 0 ? a : Number(a)));

const began = new Map(); // number -> when she wrote
const took = [];
let made = Math.floor(Math.random() * members); // the next person
let wrong = 0;
let over = false;

const now = () => Number(process.hrtime.bigint()) / 1e6;
const number = (i) => `255713${String(i % members).padStart(4, "0")}00`;

function write() {
  if (over) return;
  while (began.has(number(made))) made++; // who waits still, writes nothing
  const from = number(made++);
  began.set(from, now());
  send(from);
}

function arrived(to, text) {
  const at = began.get(to);
  if (at === undefined || !text) wrong++;
  else if (!over) took.push(now() - at);
  began.delete(to);
  if (over && began.size === 0) report();
  write();
}

let send;
if (who === "adit") {
  const agent = new http.Agent({ keepAlive: true });
  const tag = `${process.pid}-`;
  send = (from) =>
    http.get(
      { port, host: "127.0.0.1", agent, path: `/sms/sink/path?from=${from}&text=BALANCE&id=${tag}${made}` },
      (res) => {
        if (res.statusCode !== 200) wrong++;
        res.resume();
      }
    );
  http
    .createServer((req, res) => {
      let text = "";
      req.on("data", (d) => (text += d));
      req.on("end", () => {
        res.statusCode = 202;
        res.end("0: Accepted for delivery");
        arrived(req.headers["x-kannel-to"].replace(/\D/g, ""), text);
      });
    })
    .listen(Number(process.env.SINK_PORT), "127.0.0.1", start);
} else {
  const line = net.connect(port, "127.0.0.1", start);
  let rest = "";
  line.setNoDelay(true);
  send = (from) => line.write(`${from} 384 text BALANCE\n`);
  line.on("data", (data) => {
    const lines = (rest + data).split("\n");
    rest = lines.pop();
    for (const l of lines) {
      const words = l.split(" ");
      arrived(words[1], words[3]);
    }
  });
}

function start() {
  for (let i = 0; i < window; i++) write();
  setTimeout(() => {
    over = true; // those under way come home, or are missed
    setTimeout(report, 10000);
  }, seconds * 1000);
}

function report() {
  took.sort((a, b) => a - b);
  const at = (share) => Number((took[Math.floor(took.length * share)] || 0).toFixed(2));
  const out = { per_second: Math.round(took.length / seconds), median: at(0.5), p99: at(0.99) };
  console.log(JSON.stringify({ ...out, trips: took.length, wrong: wrong + began.size }));
  process.exit();
}
