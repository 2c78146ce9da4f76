// smpp_client.js PORT WINDOW COUNT - what npm's smpp sends in a second, beside tests/bench/bench_smpp.c; one JSON object.
"use strict";
const smpp = require("smpp");
const [port, window, count] = process.argv.slice(2).map(Number);

const session = smpp.connect({ host: "127.0.0.1", port });
const text = Buffer.alloc(100, "a");
let started = 0;
let taken = 0;
let began;

function send() {
  const n = started++;
  session.submit_sm(
    {
      source_addr_ton: 5,
      source_addr: "MGODI",
      dest_addr_ton: 1,
      dest_addr_npi: 1,
      destination_addr: `255712${String(n % 256).padStart(6, "0")}`,
      short_message: text,
    },
    (pdu) => {
      if (pdu.command_status === 0) taken++;
      if (started < count) send();
      else if (taken === count) {
        const took = Number(process.hrtime.bigint() - began) / 1e9;
        console.log(JSON.stringify({ window, taken, other: 0, per_second: Math.round(count / took) }));
        session.close();
        session.destroy();
      }
    }
  );
}

session.bind_transceiver({ system_id: "mgodi", password: "secret08" }, (pdu) => {
  if (pdu.command_status !== 0) throw new Error("not bound");
  began = process.hrtime.bigint();
  for (let i = 0; i < window && started < count; i++) send();
});
