// The npm library http-message-signatures, which knows nothing of Adit, between the gateway and the simulator.
//
//   pawapay.js keys DIR            two pairs of keys: of the provider and of its customer
//   pawapay.js tap DIR SIM GATEWAY checks the signature of all that passes, both ways, and says so line by line;
//                                  SIM and GATEWAY are host:port, its own port is in the first line
//   pawapay.js send DIR GATEWAY TAP  posts callbacks, right ones and forged ones; a line for each: name, status
"use strict";
const crypto = require("crypto");
const fs = require("fs");
const http = require("http");
const path = require("path");
const { httpbis, createSigner } = require("http-message-signatures");

const ALG = "ecdsa-p256-sha256";
const FIELDS = ["@method", "@authority", "@path", "signature-date", "content-digest", "content-type"];
const [, , verb, dir, ...rest] = process.argv;
const file = (name) => path.join(dir, name);

function keys() {
  for (const who of ["theirs", "ours"]) {
    const { publicKey, privateKey } = crypto.generateKeyPairSync("ec", { namedCurve: "P-256" });
    const write = (ext, text) => fs.writeFileSync(file(`${who}.${ext}`), text, { mode: 0o600 });
    write("key.pem", privateKey.export({ type: "pkcs8", format: "pem" }));
    write("pub.pem", publicKey.export({ type: "spki", format: "pem" }));
    write("key", privateKey.export({ type: "pkcs8", format: "der" }).toString("base64") + "\n");
    write("pub", publicKey.export({ type: "spki", format: "der" }).toString("base64") + "\n");
  }
}

const digest = (alg, body) => `${alg}=:${crypto.createHash(alg.replace("-", "")).update(body).digest("base64")}:`;

// What both sides write is DER, as pawaPay does; the library itself checks the other form.
async function verified(request, body, who) {
  const key = fs.readFileSync(file(`${who}.pub.pem`));
  const verify = async (data, signature) =>
    crypto.createVerify("sha256").update(data).verify({ key, dsaEncoding: "der" }, signature);
  const given = request.headers["content-digest"] || "";
  if (given !== digest(given.split("=")[0] === "sha-256" ? "sha-256" : "sha-512", body)) return false;
  return httpbis.verifyMessage(
    { keyLookup: async () => ({ verify }), requiredFields: FIELDS, requiredParams: ["keyid", "alg", "created", "expires"] },
    request
  );
}

function tap([sim, gateway]) {
  const server = http.createServer((req, res) => {
    const parts = [];
    req.on("data", (d) => parts.push(d));
    req.on("end", async () => {
      const body = Buffer.concat(parts);
      const back = req.url.startsWith("/callback/");
      if (back || (req.method === "POST" && /^\/v2\/(payouts|deposits|refunds)$/.test(req.url))) {
        const url = `http://${req.headers.host}${req.url}`;
        const message = { method: req.method, url, headers: req.headers };
        const good = await verified(message, body, back ? "theirs" : "ours").catch((e) => String(e));
        console.log(JSON.stringify({ way: back ? "callback" : "request", path: req.url, good }));
      }
      const [host, port] = (back ? gateway : sim).split(":");
      const on = http.request({ host, port, method: req.method, path: req.url, headers: req.headers }, (answer) => {
        res.writeHead(answer.statusCode, answer.headers);
        answer.pipe(res);
      });
      on.on("error", () => res.destroy());
      on.end(body);
    });
  });
  server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: server.address().port })));
}

function post(host, url, headers, body) {
  const [name, port] = host.split(":");
  return new Promise((resolve, reject) => {
    const rq = http.request({ host: name, port, method: "POST", path: url, headers }, (res) => {
      res.resume();
      res.on("end", () => resolve(res.statusCode));
    });
    rq.on("error", reject);
    rq.end(body);
  });
}

async function send([gateway, authority]) {
  const url = "/callback/pawapay";
  const body = JSON.stringify({ payoutId: "0f3c1d52-9a77-4c1e-8b1a-5d2e6f708192", status: "COMPLETED" });
  const der = (who) => {
    const key = fs.readFileSync(file(`${who}.key.pem`));
    return { alg: ALG, id: "K:1", sign: async (data) => crypto.createSign("sha256").update(data).sign({ key }) };
  };
  const pair = createSigner(fs.readFileSync(file("theirs.key.pem")), ALG, "K:1");
  const minute = (at) => ({ created: new Date(at), expires: new Date(at + 60000) });
  const rows = [
    { name: "right", key: pair },
    { name: "right_der", key: der("theirs") },
    { name: "right_sha256", key: pair, sum: "sha-256" },
    { name: "another_key", key: der("ours") },
    { name: "another_host", key: pair, authority: "another.example" },
    { name: "another_path", key: pair, url: "/callback/mtn" },
    { name: "old", key: pair, at: Date.now() - 3600000 },
    { name: "of_tomorrow", key: pair, at: Date.now() + 86400000 },
    { name: "body_not_covered", key: pair, fields: FIELDS.filter((f) => f !== "content-digest") },
    { name: "altered", key: pair, alter: (h, b) => b.replace("COMPLETED", "FAILED") },
    { name: "altered_and_hashed", key: pair,
      alter: (h, b) => { const c = b.replace("COMPLETED", "FAILED"); h["content-digest"] = digest("sha-512", c); return c; } },
    { name: "unsigned", key: pair,
      alter: (h, b) => { for (const k of Object.keys(h)) if (/^signature/i.test(k)) delete h[k]; return b; } },
  ];
  for (const r of rows) {
    const headers = { "content-type": "application/json", "content-digest": digest(r.sum || "sha-512", body),
      "signature-date": new Date().toISOString() };
    const message = await httpbis.signMessage(
      { key: r.key, name: "sig-pp", fields: r.fields || FIELDS, params: ["alg", "keyid", "created", "expires"],
        paramValues: minute(r.at || Date.now()) },
      { method: "POST", url: `http://${r.authority || authority}${r.url || url}`, headers }
    );
    const sent = r.alter ? r.alter(message.headers, body) : body;
    console.log(r.name, await post(gateway, url, { ...message.headers, "content-length": Buffer.byteLength(sent) }, sent));
  }
}

({ keys, tap, send })[verb](rest);
