// An operator's USSD gateway by XML over TCP (MTN Nigeria's), which knows nothing of Adit: written from vumi's public client.
// It reads with a parser of its own and misbehaves on demand.
//
//   xmltcp.js [--tls KEY CERT]
//
// Prints "xmltcp PORT control PORT".  The control side is HTTP and JSON:
//   GET  /seen            all packets that came, oldest first: {type, session, fields}; links: those that are signed in
//   POST /behave {..}     auth: "ok" | an errorCode | "silent"; enquire: false to be silent when asked
//   POST /hop {session, request, msisdn, type, text, end, split}   a USSDRequest; answers with the USSDResponse or USSDError
//                         to it.  split: bytes a write, so that packets come in pieces
//   POST /send {hex}      raw bytes on the newest link, no answer awaited; "glue": true waits to go out with the next hop
//   POST /cut             cuts every line
"use strict";
const fs = require("fs");
const http = require("http");
const net = require("net");
const tls = require("tls");

const args = process.argv.slice(2);
const secure = args.includes("--tls") ? args.slice(args.indexOf("--tls") + 1) : null;
const seen = [];
let links = [];
let behave = { auth: "ok", enquire: true };
let glued = Buffer.alloc(0);
let awaited = []; // {session, request, done}

const escaped = (s) => s.replace(/[&<>]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c]);
const names = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const unescaped = (s) =>
  s.replace(/&(#?)([a-z0-9]+);/g, (_, hash, name) => (hash ? String.fromCodePoint(Number(name)) : names[name]));

function packet(session, type, fields) {
  const inner = Object.entries(fields).map(([k, v]) => `<${k}>${v}</${k}>`).join("");
  const body = Buffer.from(`<${type}>${inner}</${type}>`, "latin1");
  const head = Buffer.alloc(32);
  head.write(session, 0, "latin1");
  head.write(String(body.length + 32), 16, "latin1");
  return Buffer.concat([head, body]);
}

const filled = (bytes) => bytes.toString("latin1").replace(/\0+$/, "");

function readBody(text) {
  const root = /^<(\w+)>([^]*)<\/\1>$/.exec(text);
  if (!root) throw new Error(`no document: ${text}`);
  const fields = {};
  const rest = root[2].replace(/<(\w+)>([^<]*)<\/\1>/g, (_, name, value) => {
    fields[name] = unescaped(value);
    return "";
  });
  if (rest !== "") throw new Error(`what is this: ${rest}`);
  return { type: root[1], fields };
}

// Number and order of the fields are as in the operator's document.
const order = {
  AUTHRequest: "requestId userName passWord applicationId",
  ENQRequest: "requestId enqCmd",
  ENQResponse: "requestId enqCmd",
  USSDError: "requestId errorCode",
  USSDResponse: "requestId msisdn starCode clientId phase msgtype dcs userdata EndofSession delvrpt",
};

function take(link, session, got) {
  seen.push({ session, ...got, well: Object.keys(got.fields).join(" ") === order[got.type] });
  if (got.type === "AUTHRequest") {
    const right = got.fields.userName === "mgodi" && got.fields.passWord === "secret08" && got.fields.applicationId === "10293";
    const code = behave.auth === "ok" ? (right ? null : "001") : behave.auth;
    if (code === "silent") return;
    link.up = code === null;
    if (link.up) link.write(packet(session, "AUTHResponse", { requestId: got.fields.requestId, authMsg: "SUCCESS" }));
    else link.write(packet(session, "AUTHError", { requestId: got.fields.requestId, authMsg: "FAILURE", errorCode: code }));
  } else if (got.type === "ENQRequest" && behave.enquire) {
    link.write(packet(session, "ENQResponse", { requestId: got.fields.requestId, enqCmd: "ENQUIRELINKRSP" }));
  } else if (got.type.startsWith("USSD")) {
    const i = awaited.findIndex((a) => a.session === session && a.request === got.fields.requestId);
    if (i >= 0) awaited.splice(i, 1)[0].done(got);
  }
}

function onLink(link) {
  let kept = Buffer.alloc(0);
  links.push(link);
  link.on("error", () => {});
  link.on("close", () => (links = links.filter((l) => l !== link)));
  link.on("data", (data) => {
    kept = Buffer.concat([kept, data]);
    while (kept.length >= 32) {
      const length = Number(filled(kept.subarray(16, 32)));
      if (!(length > 32)) return link.destroy();
      if (kept.length < length) return;
      take(link, filled(kept.subarray(0, 16)), readBody(kept.subarray(32, length).toString("latin1")));
      kept = kept.subarray(length);
    }
  });
}

function write(link, bytes, split) {
  if (!split) return link.write(bytes);
  link.setNoDelay(true);
  for (let i = 0; i < bytes.length; i += split) setTimeout(() => link.write(bytes.subarray(i, i + split)), i / split);
}

function hop(body, done) {
  const link = links.filter((l) => l.up).pop();
  if (!link) return done({ error: "no link" });
  const bytes = packet(body.session, "USSDRequest", {
    requestId: `${body.request}\0\0\0`,
    msisdn: body.msisdn,
    starCode: "384",
    clientId: "0123",
    phase: "2",
    msgtype: body.type,
    dcs: "15",
    userdata: escaped(body.text),
    EndofSession: body.end,
  });
  awaited.push({ session: body.session, request: body.request, done });
  write(link, Buffer.concat([glued, bytes]), body.split);
  glued = Buffer.alloc(0);
}

function act(url, body, done) {
  if (url === "/behave") {
    behave = { auth: "ok", enquire: true, ...body };
    done(behave);
  } else if (url === "/hop") {
    hop(body, done);
  } else if (url === "/send") {
    const bytes = Buffer.from(body.hex, "hex");
    const link = links.filter((l) => l.up).pop();
    if (body.glue) glued = bytes;
    else if (link) link.write(bytes);
    done({ sent: Boolean(link) });
  } else if (url === "/cut") {
    links.forEach((l) => l.destroy());
    done({});
  } else done({ links: links.filter((l) => l.up).length, seen });
}

const server = secure
  ? tls.createServer({ key: fs.readFileSync(secure[0]), cert: fs.readFileSync(secure[1]) }, onLink)
  : net.createServer(onLink);
const control = http.createServer((req, res) => {
  let text = "";
  req.on("data", (d) => (text += d));
  req.on("end", () => act(req.url, text ? JSON.parse(text) : {}, (out) => res.writableEnded || res.end(JSON.stringify(out))));
});
server.on("tlsClientError", () => {});
server.listen(Number(process.env.XMLTCP_PORT || 0), "127.0.0.1", () =>
  control.listen(0, "127.0.0.1", () => console.log(`xmltcp ${server.address().port} control ${control.address().port}`))
);
