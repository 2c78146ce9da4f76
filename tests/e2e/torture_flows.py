"""What people do in tests/e2e/torture besides borrowing and paying back: refunds, batches, money of nobody that is
sent back, a payout that is sent again, names and outcomes that officers decide, the provider's statement."""
import datetime
import json
import signal
import subprocess
import time
import urllib.parse

from harness import ADIT, wait_until

KNOWS_ITS_FLOAT = {"mtn", "airtel", "daraja", "gsma", "pawapay", "orange"}
SURE_TO_TELL = KNOWS_ITS_FLOAT - {"daraja"}  # an answer that is posted may be lost, and then payouts go as ever
KNOWS_NAMES = {"mtn", "airtel", "gsma"}
ZONE = 180
LARGE = 15000  # shillings; names are asked above


class Flows:
    """For Torture: needs its world, its simulator, random and conf."""

    dialled = 0

    def cli(self, *args, check=True):
        return self.adit(*args, "--config", str(self.conf), check=check)

    def checks(self):
        """Settings of the provider: what is asked before a payout."""
        return ('float_check = "500ms"; ' if self.provider in KNOWS_ITS_FLOAT else "") + \
            (f"name_check_above = {LARGE}; " if self.provider in KNOWS_NAMES else "")

    def tell_sim(self, path, **form):
        return self.request_sim("POST", path, urllib.parse.urlencode(form))

    # ---- before the gateway starts ----

    def refund(self):
        """Two officers give some of what came back: payouts of their own, by the provider's refund where it has one."""
        codes = self.sql("""select code from payments where direction = 'in' and state = 'paid'
            order by payment_id limit 4""").split()
        for code in codes:
            self.cli("payments", "refund", code, "--by", "M-0001", "--note", "asked for it")
            self.cli("payments", "refund", code, "--by", "M-0002", "--confirm")

    def batch(self, name, lines, source="dividend"):
        path = self.dir / f"{name}.csv"
        path.write_text("number,amount,note\n" + "".join(f"{n},{a},{name}\n" for n, a in lines))
        code = self.cli("batch", "create", str(path), "--cooperative", self.coop, "--by", "M-0001", "--from",
                        source).stdout.split()[1].rstrip(",")
        self.cli("batch", "approve", code, "--by", "M-0002")

    def move(self, number, ending):
        """She has another number from now on."""
        other = number[:-2] + ending
        self.sql(f"update member_numbers set msisdn = '{other}' where msisdn = '{number}'")
        return other

    def dividends(self):
        """To wallets that take them, to two that are large, and to two that are never heard of again."""
        numbers = self.sql("""select msisdn from member_numbers where substr(msisdn, length(msisdn) - 1) in
            ('00', '10', '12') and msisdn in (select msisdn from payments) order by 1""").split()
        silent = [self.move(n, "08") for n in numbers[-2:]]
        lines = [(n, 1000 + i) for i, n in enumerate(numbers[:5])]
        lines += [(n, LARGE + 1 + i) for i, n in enumerate(numbers[5:7])]
        self.batch("dividend", lines + [(n, 3000 + i) for i, n in enumerate(silent)])

    # ---- while it runs ----

    def receive(self, txn, number, units):
        body = json.dumps({"cooperative": self.coop, "provider": "it", "id": txn, "amount_minor": units * 100,
                           "currency": self.currency, "number": number})
        status, text = self.request("POST", "/received/word1", body, {"Content-Type": "application/json"})
        assert status == 200, (status, text)
        return json.loads(text)["matched"]

    def send_back(self):
        """The treasurer, on her phone: the first of the list; what fails stands in it again."""
        if self.sql("select count(*) >= 3 from payments where purpose = 'back_out'") == "t":
            return True
        self.dialled += 1
        text, screens = "", []
        for digits in ("", "4", "2", "1", "2", "1", "2580"):
            text += ("*" if text else "") + digits
            status, said = self.hop(f"back{self.dialled}", text, self.treasurer)
            screens.append(said)
        assert status == 200 and said.startswith("END"), (status, screens, [
            line for line in self.log.read_text().splitlines() if f" back{self.dialled} " in line], self.sql(
            "select provider_txn, state, code from arrivals order by arrived_ms"), self.sql(
            "select code, state, attention, amount from payments where purpose = 'back_out'"))
        return False

    def money_comes(self):
        """Of nobody, and goes back; of members without a loan, who are then owed it, and cannot be paid it."""
        self.sql(f"""update member_numbers n set msisdn = '{self.treasurer}' from members m
            where m.cooperative_id = n.cooperative_id and m.member_id = n.member_id and m.number = 'M-0001'""")
        strangers = [f"{self.stranger}{i}{e}" for i, e in enumerate(("00", "05", "00"))]
        for i, number in enumerate(strangers):
            assert not self.receive(f"S-{i}", number, 400 + i)
        wait_until(self.send_back, 20, "money of nobody is sent back")
        failing = self.sql("""select distinct p.msisdn from payments p where p.state = 'failed' and p.purpose = 'loan_out'
            and p.msisdn not like '%06' and not exists (select from loans l where l.cooperative_id = p.cooperative_id
                and l.member_id = p.member_id and l.state in ('requested', 'seen', 'approved', 'live'))
            order by 1 limit 2""").split()
        for i, number in enumerate(failing):
            assert self.receive(f"M-{i}", number, 600 + i)
        self.batch("owed", [(n, 600 + i) for i, n in enumerate(failing)], "owed")
        self.failing = failing

    # ---- between two gateways ----

    def names(self):
        """Officers look at the names of the wallets: one payout goes, another does not."""
        codes = self.sql("select code from payments where attention = 'name' order by 1").split()
        for i, code in enumerate(codes):
            self.cli("payments", ("release", "refuse")[i % 2], code, "--by", "M-0001", "--note", "asked her")

    def rulings(self):
        """Two officers settle what is never heard of; the provider decides the same in that moment."""
        self.sql("update payments set ladder_step = 25 where msisdn like '%08' and state in ('accepted', 'unknown')")
        rows = self.sql("""select code, msisdn, amount from payments where msisdn like '%08'
            and state in ('accepted', 'unknown') order by 1""").splitlines()
        for i, (code, number, amount) in enumerate(r.split("|") for r in rows):
            theirs = [e for e in self.book() if e["number"] == number and e["state"] == "pending" and
                      float(e["amount"]) * 100 == int(amount)]
            outcome = "paid" if theirs and i % 2 == 0 else "failed"  # what never came there was not paid
            said = ("payments", "resolve", code, outcome, "--by")
            self.cli(*said, "M-0001", "--evidence", f"TXN-{i}0001", "--note", "their statement says so")
            wait_until(lambda s=said: self.cli(*s, "M-0002", "--confirm", check=False).returncode == 0, 10, "confirmed")
            for e in theirs:
                self.tell_sim("/decide", reference=e["reference"], state=outcome, reason="EXPIRED")

    def again(self):
        """What could not be paid is sent again, by two: to the same number, and to her new one."""
        owed = self.sql("""select code from payments where purpose = 'batch_owed' and state = 'failed'
            order by msisdn""").split()
        if len(owed) < 2:
            return
        code = self.cli("batch", "again", owed[0], "--by", "M-0001").stdout.split()[1].rstrip(",")
        assert self.cli("batch", "approve", code, "--by", "M-0001", check=False).returncode == 1
        self.cli("batch", "approve", code, "--by", "M-0002")
        self.batch("anew", [(self.move(self.failing[1], "00"), 601)], "owed")

    # ---- afterwards ----

    def statement(self):
        """The provider's own list: the import is killed, and each line is in once; what is asked changes no book."""
        book = [e for e in self.book() if e["state"] != "pending"]
        zone = datetime.timezone(datetime.timedelta(minutes=ZONE))
        days = {datetime.datetime.fromtimestamp(e["accepted_ms"] / 1000, zone).strftime("%Y-%m-%d") for e in book}
        before = self.sql("select count(*), sum(abs(amount)) from entries")
        rows = 0
        for day in sorted(days):
            path = self.dir / f"{day}.csv"
            path.write_text(self.ask_sim(f"/statement?provider={self.provider}&zone={ZONE}&day={day}"), newline="")
            asked = ("statement", "import", str(path), "--provider", "it", "--json", "--config", str(self.conf))
            for _ in range(2):
                p = subprocess.Popen([ADIT, *asked], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                time.sleep(self.random.uniform(0, 0.06))
                p.send_signal(signal.SIGKILL)
                p.wait()
            self.adit(*asked)
            told = json.loads(self.adit(*asked).stdout)
            assert told["added"] == 0, told
            rows += told["rows"]
            self.cli("statement", "check", "--provider", "it", "--day", day, check=False)
        lines = self.sql("select count(distinct line_key) from statement_lines")
        assert int(lines) == rows, f"{rows} rows, {lines} lines"
        assert self.sql("select count(*), sum(abs(amount)) from entries") == before, "a statement moved money"
        # both books agree by now: what stands on one side only is a person's, ruled, or what we were told of
        wrong = self.sql("""select i.kind, i.words, i.txn from statement_items i
            left join payments p on p.code = i.payment_code and p.cooperative_id = i.cooperative_id
            where i.state = 'open' and p.state in ('paid', 'failed') and p.attention = ''
                and not exists (select from payment_rulings r where r.payment_id = p.payment_id)""")
        assert wrong == "", f"the statement differs: {wrong}"


    def all_of_it_happened(self):
        for purpose in ("loan_out", "batch_div", "batch_owed", "back_out") + (() if self.pays_only else ("refund_out",)):
            assert self.sql(f"select count(*) from payments where purpose = '{purpose}'") != "0", f"no {purpose} went out"
        for kind, who in (("float_low", SURE_TO_TELL), ("name", KNOWS_NAMES), ("ruled", {self.provider})):
            if self.provider in who:
                assert self.sql(f"select count(*) from payment_events where kind = '{kind}'") != "0", f"none was {kind}"
