package strace

import (
	"strings"
	"testing"
	"time"
)

// TestLine takes lines apart as strace prints them by its flags.
func TestLine(t *testing.T) {
	for text, want := range map[string]line{
		`read(3, "x", 1) = 1`:                                        {kind: callLine, name: []byte("read")},
		`123   12:34:56.123456 read(3, "x", 1) = 1`:                  {kind: callLine, pid: 123, stamp: []byte("12:34:56.123456"), name: []byte("read")},
		`123<docker> 1700000000.123456 read(3, "x", 1) = 1`:          {kind: callLine, pid: 123, comm: []byte("docker"), stamp: []byte("1700000000.123456"), name: []byte("read")},
		`[pid   123] 12:34:56 read(3, "x", 1) = 1`:                   {kind: callLine, pid: 123, stamp: []byte("12:34:56"), name: []byte("read")},
		`[pid 123<do cker>] read(3, "x", 1) = 1`:                     {kind: callLine, pid: 123, comm: []byte("do cker"), name: []byte("read")},
		`1700000000.1 (+     0.000123) read(3, "x", 1) = 1`:          {kind: callLine, stamp: []byte("1700000000.1"), since: []byte("0.000123"), name: []byte("read")},
		`     0.000123 read(3, "x", 1) = 1`:                          {kind: callLine, stamp: []byte("0.000123"), name: []byte("read")},
		`123 read(3, <unfinished ...>`:                               {kind: unfinished, pid: 123, name: []byte("read")},
		`123 read(3,  <detached ...>`:                                {kind: unfinished, pid: 123, name: []byte("read")},
		`123 <... read resumed>"x", 1) = 1`:                          {kind: resumed, pid: 123, name: []byte("read")},
		`123 <... read resumed> "x", 1) = 1`:                         {kind: resumed, pid: 123, name: []byte("read")},
		`123 +++ exited with 0 +++`:                                  {kind: exited, pid: 123},
		`123 +++ superseded by execve in pid 45 +++`:                 {kind: superseded, pid: 123, replace: 45},
		`123 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED} ---`: {kind: remark, pid: 123},
		`strace: Process 123 attached`:                               {kind: remark},
		`Process 123 attached`:                                       {kind: remark},
		` > /usr/lib/libc.so.6(__write+0x4f) [0xf7]`:                 {kind: remark},
		`hello world`: {}, `Process of thought`: {}, `12 monkeys (1995)`: {pid: 12}, ``: {}, `<... (read resumed>`: {}, `Read(3) = 1`: {},
	} {
		got := parseLine([]byte(text))
		if got.kind != want.kind || got.pid != want.pid || string(got.comm) != string(want.comm) || string(got.stamp) != string(want.stamp) ||
			string(got.since) != string(want.since) || string(got.name) != string(want.name) || got.replace != want.replace {
			t.Errorf("%s:\ngot  %d %d %q %q %q %q\nwant %d %d %q %q %q %q", text, got.kind, got.pid, got.comm, got.stamp, got.since, got.name,
				want.kind, want.pid, want.comm, want.stamp, want.since, want.name)
		}
	}
}

// TestUnquote reads strings with every escape that strace has.
func TestUnquote(t *testing.T) {
	for text, want := range map[string]string{
		`"plain"`: "plain", `""`: "", `"\n\r\t\v\f\\\""`: "\n\r\t\v\f\\\"", `"\0\33\1771\3772"`: "\x00\x1b\x7f1\xff2",
		`"\x00\xfF"`: "\x00\xff", `"cut"...`: "cut", `"\0001"`: "\x001",
	} {
		s, rest, ok := unquote(nil, []byte(text))
		if !ok || string(s.data) != want || len(rest) > 0 || s.cut != strings.HasSuffix(text, "...") {
			t.Errorf("%s: got %q, %t, %q, %t", text, s.data, s.cut, rest, ok)
		}
	}
	for _, text := range []string{``, `x`, `"`, `"x`, `"\`, `"\x1"`, `"\xg0"`} {
		if _, _, ok := unquote(nil, []byte(text)); ok {
			t.Errorf("%s was read", text)
		}
	}
}

// TestClock makes times of what lines say.
func TestClock(t *testing.T) {
	now := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	c := clock{now: func() time.Time { return now }}
	for _, step := range []struct{ stamp, since, want string }{
		{"1700000000.000000001", "", "2023-11-14T22:13:20.000000001Z"},
	} {
		if got := c.at([]byte(step.stamp), []byte(step.since)); got.UTC().Format(time.RFC3339Nano) != step.want {
			t.Errorf("%v: got %v", step, got)
		}
	}
	c = clock{now: c.now}
	for _, step := range []struct{ stamp, want string }{
		{"23:59:59.5", "2026-01-02T23:59:59.5Z"}, {"00:00:01", "2026-01-03T00:00:01Z"}, {"00:00:00", "2026-01-03T00:00:00Z"},
	} {
		if got := c.at([]byte(step.stamp), nil); got.Format(time.RFC3339Nano) != step.want {
			t.Errorf("%v: got %v", step, got)
		}
	}
	c = clock{now: c.now}
	for _, step := range []struct{ stamp, want string }{{"0.000000", "2026-01-02T12:00:00Z"}, {"0.5", "2026-01-02T12:00:00.5Z"}, {"", "2026-01-02T12:00:00Z"}} {
		if got := c.at([]byte(step.stamp), nil); got.Format(time.RFC3339Nano) != step.want {
			t.Errorf("%v: got %v", step, got)
		}
	}
	if !c.dayless || !c.timeless {
		t.Errorf("it is not known that there were no days and times: %+v", c)
	}
}

// TestRecognize tells what strace prints from what it does not.
func TestRecognize(t *testing.T) {
	for name, text := range logs(t) {
		if is, _ := Recognize(text[:min(len(text), 4096)]); !is {
			t.Errorf("%s is not recognised", name)
		}
		line, _, _ := strings.Cut(string(text), "\n")
		for n := range min(len(line), 40) {
			if is, may := Recognize([]byte(line[:n])); !is && !may {
				t.Errorf("%s: %q cannot be the beginning", name, line[:n])
			}
		}
	}
	for _, text := range []string{
		"{\"event\":1}\n", "[{\"log\":1}]\n", "hello\n", "main() {\n", "12:00:00.123456 IP 10.0.0.1.40000 > 10.0.0.2.2375: Flags [S]\n", "GET / HTTP/1.1\n",
		"123\n", "Process\n", "printf(\"x\")\n", "1 2 3\n", "int main(void) {}\n",
	} {
		if is, may := Recognize([]byte(text)); is || may {
			t.Errorf("%q: %t, %t", text, is, may)
		}
	}
}
