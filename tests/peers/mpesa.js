// The npm client @paymentsds/mpesa (M-Pesa Mozambique, v1x, a port for each call) works against the simulator; then the
// simulator's book must say what the client was told.  Usage: mpesa.js ADDRESS SIM_URL
"use strict";
const assert = require("assert");
const crypto = require("crypto");
const http = require("http");
const { Client } = require("@paymentsds/mpesa");

const [address, sim] = process.argv.slice(2);
let passed = 0;
let failed = 0;

async function check(name, body) {
  try {
    await body();
    passed++;
    console.log(`ok   ${name}`);
  } catch (e) {
    failed++;
    console.log(`FAIL ${name}: ${(e && e.stack) || JSON.stringify(e)}`);
  }
}

function get(path) {
  return new Promise((resolve, reject) => {
    http.get(sim + path, (res) => {
      let text = "";
      res.on("data", (d) => (text += d));
      res.on("end", () => resolve(text));
    }).on("error", reject);
  });
}

async function entry(reference) {
  const lines = (await get("/book")).split("\n").filter(Boolean).map((line) => JSON.parse(line));
  return lines.filter((e) => e.external_id === reference).pop();
}

async function decided(reference) {
  for (let i = 0; i < 200; i++) {
    const e = await entry(reference);
    if (e && e.state !== "pending") return e;
    await new Promise((r) => setTimeout(r, 25));
  }
  throw new Error(`${reference} was never decided`);
}

const word = () => crypto.randomBytes(10).toString("hex");

async function refused(promise, status) {
  try {
    await promise;
  } catch (e) {
    assert.strictEqual(e.response.status, status);
    return;
  }
  throw new Error(`was taken, not refused with ${status}`);
}

async function main() {
  const publicKey = JSON.parse(await get("/v1/rsa/encryption-keys")).data.key;
  const options = {
    host: `http://${address}`,
    apiKey: "secret",
    publicKey,
    serviceProviderCode: "171717",
    initiatorIdentifier: "adit",
    securityCredential: "Credential1",
  };
  const client = new Client(options);
  let collected;

  await check("a collection is taken and paid", async () => {
    const reference = word();
    const r = await client.receive({ from: "258841000100", amount: "50", transaction: "T1", reference });
    assert.strictEqual(r.response.code, "INS-0");
    assert.strictEqual(r.reference, reference);
    collected = await decided(reference);
    assert.deepStrictEqual(
      [collected.direction, collected.number, collected.amount, collected.currency, collected.state],
      ["in", "258841000100", "50", "MZN", "paid"]
    );
  });

  await check("a payout is taken and paid, once", async () => {
    const reference = word();
    const order = { to: "841000100", amount: "70", transaction: "T2", reference };
    assert.strictEqual((await client.send({ ...order })).response.code, "INS-0");
    await refused(client.send({ ...order }), 409);
    const e = await decided(reference);
    assert.deepStrictEqual([e.direction, e.number, e.state], ["out", "258841000100", "paid"]);
  });

  await check("a payment is asked about by either name", async () => {
    for (const subject of [collected.external_id, collected.txn]) {
      const r = await client.query({ subject, reference: word() });
      assert.strictEqual(r.response.code, "INS-0");
      assert.strictEqual(r.transaction, collected.txn);
    }
    assert.strictEqual((await client.query({ subject: word(), reference: word() })).transaction, undefined);
  });

  await check("a collection without money fails", async () => {
    const reference = word();
    await client.receive({ from: "258841000101", amount: "10", transaction: "T3", reference });
    const e = await decided(reference);
    assert.deepStrictEqual([e.state, e.reason], ["failed", "NOT_ENOUGH_FUNDS"]);
  });

  await check("a collection is reversed, and not twice", async () => {
    const reference = word();
    const order = { transaction: collected.txn, amount: "50", reference };
    assert.strictEqual((await client.revert({ ...order })).response.code, "INS-0");
    const e = await decided(reference);
    assert.deepStrictEqual([e.direction, e.number, e.amount, e.state, e.back],
      ["out", "258841000100", "50", "paid", collected.reference]);
    await refused(client.revert({ ...order }), 409);
    await refused(client.revert({ ...order, reference: word() }), 400);
    await refused(client.revert({ ...order, transaction: "nothing", reference: word() }), 400);
  });

  await check("a wrong key, a wrong credential and a wrong public key are refused", async () => {
    const order = { from: "258841000100", amount: "1", transaction: "T4", reference: word() };
    await refused(new Client({ ...options, apiKey: "wrong" }).receive({ ...order }), 401);
    await refused(new Client({ ...options, securityCredential: "wrong" }).revert(
      { transaction: collected.txn, amount: "50", reference: word() }), 400);
    const other = crypto.generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey
      .export({ type: "spki", format: "der" }).toString("base64");
    await refused(new Client({ ...options, publicKey: other }).receive({ ...order }), 401);
    assert.strictEqual(await entry(order.reference), undefined);
  });

  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed ? 1 : 0);
}

main().catch((e) => {
  console.log(`FAIL ${(e && e.stack) || JSON.stringify(e)}`);
  process.exit(1);
});
