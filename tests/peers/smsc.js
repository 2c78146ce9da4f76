// An SMSC of npm's smpp, which knows nothing of Adit: takes binds and messages, and misbehaves on demand.
//
//   smsc.js [--tls KEY CERT] [--password WORD] [--quiet]
//
// Prints "smpp PORT control PORT".  The control side is HTTP and JSON:
//   GET  /seen            all PDUs that came, oldest first
//   POST /behave {..}     how to answer: submit: [ {status}, {silent}, {congestion} ..] for the next ones, receipts: "none" |
//                         "late" | "early", ids: "dec" | "hex", receipt_ids: "dec" | "hex", enquire: false, bind: STATUS
//   POST /deliver {..}    a deliver_sm with those fields, on the newest bind that receives; answers with the response
//   POST /deliver_and_cut  the same, and the line is cut
//   POST /outbind {port, password}  calls whoever listens there; answers {bound}
//   POST /unbind, /cut    says good-bye, or just cuts every line
"use strict";
const fs = require("fs");
const http = require("http");
const smpp = require("smpp");

const args = process.argv.slice(2);
const option = (name, n) => (args.includes(name) ? args.slice(args.indexOf(name) + 1, args.indexOf(name) + 1 + n) : null);
const tls = option("--tls", 2);
const password = (option("--password", 1) || ["secret08"])[0];
const quiet = args.includes("--quiet"); // for measuring: nothing is remembered

const seen = [];
let sessions = [];
let behave = { submit: [], receipts: "none", ids: "dec", receipt_ids: "dec", enquire: true, bind: 0 };
let nextId = 123456789;

// What a test wants to know of a PDU; buffers as hex.
function plain(pdu) {
  const out = {};
  for (const [key, value] of Object.entries(pdu)) {
    if (Buffer.isBuffer(value)) out[key] = value.toString("hex");
    else if (key === "short_message" || key === "message_payload") {
      const m = value.message === undefined ? value : value.message;
      out[key] = Buffer.isBuffer(m) ? m.toString("hex") : m;
      if (value.udh) out.udh = value.udh.map((u) => u.toString("hex")).join("");
    } else out[key] = value;
  }
  return out;
}

function remember(pdu) {
  if (!quiet) seen.push(plain(pdu));
}

const written = (id, style) => (style === "hex" ? id.toString(16) : String(id).padStart(10, "0"));

function sendReceipt(pdu, id) {
  const to = sessions.filter((s) => s.receives).pop();
  if (!to) return;
  to.deliver_sm({
    source_addr_ton: 1,
    source_addr_npi: 1,
    source_addr: pdu.destination_addr,
    destination_addr: pdu.source_addr,
    esm_class: 4,
    short_message: Buffer.from(
      `id:${written(id, behave.receipt_ids)} sub:001 dlvrd:001 submit date:2611291200 done date:2611291201 ` +
        `stat:${behave.stat || "DELIVRD"} err:000 text:`
    ),
  });
}

function onSubmit(session, pdu) {
  remember(pdu);
  const how = behave.submit.shift() || {};
  if (how.silent) return;
  if (how.status) {
    session.send(pdu.response({ command_status: how.status }));
    return;
  }
  const id = nextId++;
  const wanted = pdu.registered_delivery === 1 && behave.receipts !== "none";
  if (wanted && behave.receipts === "early") sendReceipt(pdu, id);
  const fields = { message_id: written(id, behave.ids) };
  if (how.congestion !== undefined) fields.congestion_state = how.congestion;
  const answer = () => session.send(pdu.response(fields));
  if (wanted && behave.receipts === "early") setTimeout(answer, 100);
  else answer();
  if (wanted && behave.receipts === "late") setTimeout(() => sendReceipt(pdu, id), 50);
}

function onBind(session, pdu, sends, receives) {
  remember(pdu);
  const right = pdu.system_id === "mgodi" && pdu.password === password;
  const status = behave.bind || (right ? 0 : 0x0e);
  session.send(pdu.response(status ? { command_status: status } : { system_id: "SMSC", sc_interface_version: 0x34 }));
  session.sends = sends && !status;
  session.receives = receives && !status;
}

function onSession(session) {
  sessions.push(session);
  const gone = () => (sessions = sessions.filter((s) => s !== session));
  session.on("close", gone);
  session.on("error", gone);
  session.on("bind_transceiver", (pdu) => onBind(session, pdu, true, true));
  session.on("bind_transmitter", (pdu) => onBind(session, pdu, true, false));
  session.on("bind_receiver", (pdu) => onBind(session, pdu, false, true));
  session.on("submit_sm", (pdu) => onSubmit(session, pdu));
  session.on("enquire_link", (pdu) => {
    remember(pdu);
    if (behave.enquire) session.send(pdu.response());
  });
  session.on("unbind", (pdu) => {
    remember(pdu);
    session.send(pdu.response());
    session.close();
  });
  for (const answer of ["deliver_sm_resp", "generic_nack", "unbind_resp"]) session.on(answer, remember);
}

// Buffers come as { hex: ".." }.
function fields(body) {
  return Object.fromEntries(
    Object.entries(body).map(([k, v]) => [k, v && v.hex !== undefined ? Buffer.from(v.hex, "hex") : v])
  );
}

function act(url, body, done) {
  const to = sessions.filter((s) => s.receives).pop();
  if (url === "/behave") {
    Object.assign(behave, body);
    done(behave);
  } else if (url === "/deliver") {
    if (!to) return done({ error: "no bind" });
    to.deliver_sm(fields(body), (pdu) => done(plain(pdu)));
  } else if (url === "/deliver_and_cut") {
    to.removeAllListeners("deliver_sm_resp"); // their answer is not heard: the line is cut
    to.deliver_sm(fields(body), () => to.destroy(() => done({})));
  } else if (url === "/outbind") {
    const caller = smpp.connect({ host: "127.0.0.1", port: body.port });
    onSession(caller);
    caller.on("connect", () => caller.outbind({ system_id: "SMSC", password: body.password }));
    caller.on("bind_receiver", () => done({ bound: true }));
    caller.on("close", () => done({ bound: false }));
  } else if (url === "/unbind") {
    sessions.forEach((s) => s.unbind());
    done({});
  } else if (url === "/cut") {
    sessions.forEach((s) => s.destroy());
    done({});
  } else done({ binds: sessions.filter((s) => s.receives || s.sends).length, seen });
}

const server = tls
  ? smpp.createServer({ key: fs.readFileSync(tls[0]), cert: fs.readFileSync(tls[1]) }, onSession)
  : smpp.createServer(onSession);
const control = http.createServer((req, res) => {
  let text = "";
  req.on("data", (d) => (text += d));
  req.on("end", () => act(req.url, text ? JSON.parse(text) : {}, (out) => res.writableEnded || res.end(JSON.stringify(out))));
});
server.listen(Number(process.env.SMPP_PORT || 0), "127.0.0.1", () =>
  control.listen(0, "127.0.0.1", () =>
    console.log(`smpp ${server.address().port} control ${control.address().port}`)
  )
);
