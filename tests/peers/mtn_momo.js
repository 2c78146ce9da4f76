// The npm client mtn-momo, which knows nothing of Adit, works against the simulator; then the simulator's book
// must say what the client was told.  Usage: mtn_momo.js SIM_URL
"use strict";
const assert = require("assert");
const http = require("http");
const momo = require("mtn-momo");
const { v4: uuid } = require("uuid");

const sim = process.argv[2];
const SUBSCRIPTION = "peer-subscription";
let passed = 0;
let failed = 0;

async function check(name, body) {
  try {
    await body();
    passed++;
    console.log(`ok   ${name}`);
  } catch (e) {
    failed++;
    console.log(`FAIL ${name}: ${(e && e.stack) || e}`);
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

async function bookOf(reference) {
  const lines = (await get(`/book?reference=${reference}`)).split("\n").filter(Boolean);
  assert.strictEqual(lines.length, 1, `book has ${lines.length} lines of ${reference}`);
  return JSON.parse(lines[0]);
}

// Asks until the client's own getTransaction settles, one way or the other.
async function settled(product, reference) {
  for (let i = 0; i < 200; i++) {
    try {
      const t = await product.getTransaction(reference);
      if (t.status !== "PENDING") return { transaction: t };
    } catch (error) {
      return { error };
    }
    await new Promise((r) => setTimeout(r, 25));
  }
  throw new Error(`${reference} never settled`);
}

// A host for callbacks: remembers method, path and body.
function listen() {
  const got = [];
  const server = http.createServer((req, res) => {
    let text = "";
    req.on("data", (d) => (text += d));
    req.on("end", () => {
      got.push({ method: req.method, url: req.url, body: JSON.parse(text) });
      res.end();
    });
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve({ server, got })));
}

async function heard(got, path) {
  for (let i = 0; i < 200; i++) {
    const one = got.find((c) => c.url === path);
    if (one) return one;
    await new Promise((r) => setTimeout(r, 25));
  }
  throw new Error(`no callback to ${path}`);
}

const payment = (number, amount) => ({
  amount,
  currency: "EUR",
  externalId: "peer-1",
  payerMessage: "from the peer",
  payeeNote: "to the peer",
  payer: { partyIdType: "MSISDN", partyId: number },
});

function payout(number, amount) {
  const { payer, ...rest } = payment(number, amount);
  return { ...rest, payee: payer };
}

async function main() {
  const { server, got } = await listen();
  const callback = `http://localhost:${server.address().port}`;
  const { Collections, Disbursements, Users } = momo.create({ callbackHost: "localhost", baseUrl: sim });
  let userId, userSecret, collections, disbursements;

  await check("provisioning makes an API user and its key", async () => {
    const users = Users({ primaryKey: SUBSCRIPTION });
    userId = await users.create("localhost");
    userSecret = (await users.login(userId)).apiKey;
    assert.ok(userSecret);
    collections = Collections({ primaryKey: SUBSCRIPTION, userId, userSecret });
    disbursements = Disbursements({ primaryKey: SUBSCRIPTION, userId, userSecret });
  });

  await check("a collection is taken, told and in the book", async () => {
    const before = Number((await collections.getBalance()).availableBalance);
    const id = await collections.requestToPay({ ...payment("46733123499", "50.5"), callbackUrl: `${callback}/in` });
    const { transaction } = await settled(collections, id);
    assert.strictEqual(transaction.status, "SUCCESSFUL");
    assert.strictEqual(transaction.amount, "50.5");
    assert.strictEqual(transaction.externalId, "peer-1");
    const entry = await bookOf(id);
    assert.deepStrictEqual(
      [entry.direction, entry.number, entry.amount, entry.currency, entry.state, entry.txn],
      ["in", "46733123499", "50.5", "EUR", "paid", transaction.financialTransactionId]
    );
    const after = Number((await collections.getBalance()).availableBalance);
    assert.strictEqual(Math.round((after - before) * 100), 5050);
    const told = await heard(got, "/in");
    assert.strictEqual(told.method, "PUT");
    assert.strictEqual(told.body.status, "SUCCESSFUL");
    assert.strictEqual(told.body.referenceId, undefined);
  });

  await check("a payout under the client's reference is paid once", async () => {
    const referenceId = uuid();
    const order = { ...payout("255712000100", "70.00"), referenceId, callbackUrl: `${callback}/out` };
    const before = Number((await disbursements.getBalance()).availableBalance);
    assert.strictEqual(await disbursements.transfer(order), referenceId);
    await assert.rejects(disbursements.transfer(order), (e) => e.name === "ResourceAlreadyExistError" || /409|exist/i.test(String(e)));
    const { transaction } = await settled(disbursements, referenceId);
    assert.strictEqual(transaction.status, "SUCCESSFUL");
    assert.strictEqual((await bookOf(referenceId)).state, "paid");
    const after = Number((await disbursements.getBalance()).availableBalance);
    assert.strictEqual(Math.round((before - after) * 100), 7000);
    assert.strictEqual((await heard(got, "/out")).body.externalId, "peer-1");
  });

  for (const [number, state, reason] of [
    ["46733123450", "failed", "INTERNAL_PROCESSING_ERROR"],
    ["46733123451", "failed", "APPROVAL_REJECTED"],
    ["46733123452", "failed", "EXPIRED"],
    ["255712000101", "failed", "NOT_ENOUGH_FUNDS"],
    ["255712000102", "failed", "PAYMENT_NOT_APPROVED"],
    ["255712000107", "failed", "PAYER_NOT_FOUND"],
  ]) {
    await check(`a collection from ${number} fails: ${reason}`, async () => {
      const id = await collections.requestToPay(payment(number, "10"));
      const { error } = await settled(collections, id);
      assert.ok(error, "the client saw no failure");
      const entry = await bookOf(id);
      assert.deepStrictEqual([entry.state, entry.reason], [state, reason]);
    });
  }

  for (const [number, name] of [
    ["46733123455", "NotEnoughFundsError"],
    ["46733123456", "PayerLimitReachedError"],
    ["46733123457", "PayeeNotFoundError"],
  ]) {
    await check(`a payout to ${number} is refused: ${name}`, async () => {
      await assert.rejects(disbursements.transfer(payout(number, "10")), (e) => e.name === name);
    });
  }

  await check("a callback to another host is refused", async () => {
    await assert.rejects(
      collections.requestToPay({ ...payment("46733123499", "1"), callbackUrl: "http://elsewhere.example/x" }),
      (e) => e.name === "InvalidCallbackUrlHostError"
    );
  });

  await check("another currency is refused", async () => {
    await assert.rejects(
      collections.requestToPay({ ...payment("46733123499", "1"), currency: "XXX" }),
      (e) => e.name === "InvalidCurrencyError"
    );
  });

  await check("an unknown reference is not found", async () => {
    await assert.rejects(disbursements.getTransaction(uuid()), (e) => e.name === "ResourceNotFoundError");
  });

  await check("a wrong secret gets no token", async () => {
    await assert.rejects(Collections({ primaryKey: SUBSCRIPTION, userId, userSecret: "wrong" }).getBalance());
  });

  await check("account holders are known or not", async () => {
    assert.strictEqual((await collections.isPayerActive("255712000100")).result, true);
    assert.strictEqual(await disbursements.isPayerActive("255712000107"), false);
    await assert.rejects(disbursements.isPayerActive("46733123450"));
  });

  server.close();
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed ? 1 : 0);
}

main().catch((e) => {
  console.log(`FAIL ${(e && e.stack) || e}`);
  process.exit(1);
});
