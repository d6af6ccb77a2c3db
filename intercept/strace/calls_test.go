package strace

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
)

const (
	asked    = `"GET / HTTP/1.1\r\n\r\n", 18`
	answered = `"HTTP/1.1 200 OK\r\n\r\n", 4096`
	dial     = "1 100000000.1 connect(3<UNIX-STREAM:[5]>, {sa_family=AF_UNIX, sun_path=\"/run/x.sock\"}, 14) = 0\n"
	ask      = "1 100000000.2 write(3<UNIX-STREAM:[5->6]>, " + asked + ") = 18\n"
	answer   = "1 100000000.3 read(3<UNIX-STREAM:[5->6]>, " + answered + ") = 19\n"
)

var (
	opens   = "1 open [1] > unix:///run/x.sock"
	asks    = `1 > "GET / HTTP/1.1\r\n\r\n"`
	answers = `1 < "HTTP/1.1 200 OK\r\n\r\n"`
	stopped = "1 end trace stopped"
)

// TestMoves reads what moves bytes, in the forms of several versions.
func TestMoves(t *testing.T) {
	for name, call := range map[string]string{
		"write":            `write(3, ` + asked + `) = 18`,
		"sendto":           `sendto(3<UNIX-STREAM:[5->6]>, ` + asked + `, MSG_NOSIGNAL, NULL, 0) = 18`,
		"writev":           `writev(3<UNIX-STREAM:[5->6]>, [{iov_base="GET / HTTP", iov_len=10}, {iov_base="/1.1\r\n\r\n", iov_len=8}], 2) = 18`,
		"writev 4.10":      `writev(3<UNIX:[5->6]>, [{"GET / HTTP", 10}, {"/1.1\r\n\r\n", 8}], 2) = 18`,
		"sendmsg":          `sendmsg(3<UNIX-STREAM:[5->6]>, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base=` + strings.Replace(asked, ", ", ", iov_len=", 1) + `}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = 18`,
		"sendmsg 4.10":     `sendmsg(3<UNIX:[5->6]>, {msg_name(0)=NULL, msg_iov(1)=[{` + asked + `}], msg_controllen=0, msg_flags=0}, 0) = 18`,
		"sendmmsg":         `sendmmsg(3<UNIX-STREAM:[5->6]>, [{msg_hdr={msg_name=NULL, msg_iov=[{iov_base="GET / ", iov_len=6}], msg_iovlen=1}, msg_len=6}, {msg_hdr={msg_iov=[{iov_base="HTTP/1.1\r\n\r\n", iov_len=12}]}, msg_len=12}], 2, 0) = 2`,
		"octal":            `write(3<UNIX-STREAM:[5->6]>, "GET / HTTP/1.1\15\12\r\n", 18)       = 18`,
		"hexadecimal":      `write(3<\x55\x4e\x49\x58\x2d\x53\x54\x52\x45\x41\x4d\x3a\x5b\x35\x2d\x3e\x36\x5d>, "\x47\x45\x54\x20\x2f\x20\x48\x54\x54\x50\x2f\x31\x2e\x31\x0d\x0a\x0d\x0a", 18) = 18 <0.000012>`,
		"more than wanted": `write(3<UNIX-STREAM:[5->6]>, "GET / HTTP/1.1\r\n\r\nand more", 26) = 18`,
		"an instruction":   `[00007f0000001234] write(3<UNIX-STREAM:[5->6]>, ` + asked + `) = 18`,
	} {
		t.Run(name, func(t *testing.T) {
			want := []string{opens, asks, stopped}
			if name == "sendmmsg" {
				want = []string{opens, `1 > "GET / "`, `1 > "HTTP/1.1\r\n\r\n"`, stopped}
			} else if strings.HasPrefix(name, "writev") {
				want = []string{opens, `1 > "GET / HTTP"`, `1 > "/1.1\r\n\r\n"`, stopped}
			}
			check(t, dial+"1 100000000.2 "+call+"\n", want...)
		})
	}
}

// TestNotMoved reads calls that have moved nothing of the stream.
func TestNotMoved(t *testing.T) {
	for _, call := range []string{
		`read(3<UNIX-STREAM:[5->6]>, 0xc000, 4096) = -1 EAGAIN (Resource temporarily unavailable)`,
		`read(3<UNIX-STREAM:[5->6]>, 0xc000, 4096) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)`,
		`read(3<UNIX-STREAM:[5->6]>, "", 0) = 0`,
		`recvfrom(3<UNIX-STREAM:[5->6]>, ` + answered + `, MSG_PEEK, NULL, NULL) = 19`,
		`recvmsg(3<UNIX-STREAM:[5->6]>, {msg_iov=[{iov_base="HTTP", iov_len=4}], msg_flags=0}, MSG_PEEK|MSG_CMSG_CLOEXEC) = 4`,
		`write(1</dev/pts/0<char 136:0>>, ` + asked + `) = 18`,
		`write(3<UNIX-STREAM:[5->6]>, ` + asked + `) = -1 EPIPE (Broken pipe)`,
		`shutdown(3<UNIX-STREAM:[5->6]>, SHUT_RD) = 0`,
		`fcntl(3<UNIX-STREAM:[5->6]>, F_GETFL) = 0x802 (flags O_RDWR|O_NONBLOCK)`,
		`--- SIGURG {si_signo=SIGURG, si_code=SI_TKILL, si_pid=1, si_uid=0} ---`,
		`???( <unfinished ...>`,
	} {
		check(t, dial+ask+"1 100000000.3 "+call+"\n"+answer, opens, asks, answers, stopped)
	}
}

// TestLost marks what strace does not show in its place, and says so.
func TestLost(t *testing.T) {
	moved := func(n int) string {
		return fmt.Sprintf("remark: %d bytes were moved by sendfile or splice, which strace does not show", n)
	}
	check(t, dial+ask+"1 100000000.3 sendfile(3<UNIX-STREAM:[5->6]>, 4</x>, NULL, 100) = 100\n"+answer,
		opens, asks, "1 > lost 100", answers, stopped, moved(100))
	check(t, dial+ask+"1 100000000.3 splice(3<UNIX-STREAM:[5->6]>, NULL, 9<pipe:[1]>, NULL, 100, 0) = 50\n",
		opens, asks, "1 < lost 50", stopped, moved(50))
	check(t, dial+ask+"1 100000000.3 splice(9<pipe:[1]>, NULL, 3<UNIX-STREAM:[5->6]>, NULL, 100, 0) = 50\n",
		opens, asks, "1 > lost 50", stopped, moved(50))
	check(t, dial+`1 100000000.2 writev(3<UNIX-STREAM:[5->6]>, [{iov_base="GET / HTTP/1.1\r\n"..., iov_len=20}, {iov_base="a"..., iov_len=2}, ...], 3) = 30`+"\n",
		opens, `1 > "GET / HTTP/1.1\r\n"`, "1 > lost 4", `1 > "a"`, "1 > lost 9", stopped,
		"remark: strace cut strings at 16 bytes: 5 bytes are missing (strace -s 1048576 prints them)", "remark: 8 bytes of buffers were not printed by strace")
	check(t, dial+ask+"1 100000000.3 read(3<UNIX-STREAM:[5->6]>, 0x7ffe, 4096) = 19\n", opens, asks, "1 < lost 19", stopped, "remark: 19 bytes of buffers were not printed by strace")
	check(t, dial+ask+"1 100000000.3 io_uring_setup(8, {flags=0}) = 4<anon_inode:[io_uring]>\n", opens, asks, stopped,
		"remark: a process used io_uring: strace does not show what it read and wrote by that")
}

// TestTruncated has a client throw away what it does not want to see: what strace prints of
// its buffer was never said.
func TestTruncated(t *testing.T) {
	tcp := strings.NewReplacer("UNIX-STREAM:[5->6]", "TCP:[10.0.0.2:4000->10.0.0.1:80]", "UNIX-STREAM:[5]", "TCP:[5]")
	all := dial + ask + answer + "1 100000000.3 recvfrom(3<UNIX-STREAM:[5->6]>, \"\\0\\0\"..., 99, MSG_TRUNC, NULL, NULL) = 9\n"
	check(t, tcp.Replace(all), opens, asks, answers, "1 < lost 9", stopped, "remark: 9 bytes of buffers were not printed by strace")
}

// TestOrder has the answer behind the request when the write of that ends late, and also
// if it never does. A call that goes on when strace leaves is nothing that is missing.
func TestOrder(t *testing.T) {
	begun := "1 100000000.2 write(3<UNIX-STREAM:[5->6]>, " + asked + " <unfinished ...>\n"
	other := strings.Replace(answer, "1 ", "2 ", 1)
	check(t, dial+"1 100000000.15 clone(child_stack=0x7f, flags=CLONE_VM|CLONE_FILES|CLONE_THREAD) = 2\n"+
		begun+other+"1 100000000.4 <... write resumed>) = 18\n", opens, asks, answers, stopped)
	check(t, dial+ask+"1 100000000.25 clone(child_stack=0x7f, flags=CLONE_VM|CLONE_FILES|CLONE_THREAD) = 2\n"+
		begun+other+"1 100000000.4 +++ killed by SIGKILL +++\n", opens, asks, answers, stopped)
	check(t, dial+ask+answer+"1 100000000.4 read(3<UNIX-STREAM:[5->6]>,  <detached ...>\n", opens, asks, answers, stopped)
	check(t, dial+ask+"1 100000000.4 <... read resumed>"+answered+") = 19\n", opens, asks, stopped, "remark: of 1 call a part is missing")
}

// TestEnds ends directions and connections when processes do.
func TestEnds(t *testing.T) {
	closed := []string{opens, asks, answers, "1 > eof", "1 end"}
	for name, call := range map[string]string{
		"close":       "close(3<UNIX-STREAM:[5->6]>) = 0",
		"close_range": "close_range(3, 4294967295, 0) = 0",
		"dup2":        "dup2(4</dev/null<char 1:3>>, 3<UNIX-STREAM:[5->6]>) = 3</dev/null<char 1:3>>",
		"reused":      "write(3</tmp/x>, \"x\", 1) = 1",
		"exit":        "+++ exited with 0 +++",
		"exit_group":  "exit_group(0)   = ?",
		"killed":      "+++ killed by SIGKILL (core dumped) +++",
		"execve":      "fcntl(3<UNIX-STREAM:[5->6]>, F_SETFD, FD_CLOEXEC) = 0\n1 100000000.5 execve(\"/bin/true\", [\"true\"], 0x7ff /* 1 var */) = 0",
	} {
		t.Run(name, func(t *testing.T) { check(t, dial+ask+answer+"1 100000000.4 "+call+"\n", closed...) })
	}
	open := []string{opens, asks, answers, stopped}
	for name, call := range map[string]string{
		"dup":      "dup(3<UNIX-STREAM:[5->6]>) = 4<UNIX-STREAM:[5->6]>\n1 100000000.5 close(3<UNIX-STREAM:[5->6]>) = 0",
		"F_DUPFD":  "fcntl(3<UNIX-STREAM:[5->6]>, F_DUPFD_CLOEXEC, 0) = 9<UNIX-STREAM:[5->6]>\n1 100000000.5 close(3<UNIX-STREAM:[5->6]>) = 0",
		"fork":     "clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD) = 2\n1 100000000.5 exit_group(0) = ?",
		"a thread": "clone3({flags=CLONE_VM|CLONE_FILES|CLONE_THREAD}, 88) = 2\n1 100000000.5 exit(0) = ?",
		"kept":     "execve(\"/bin/true\", [\"true\"], 0x7ff /* 1 var */) = 0",
		"failed":   "fcntl(3<UNIX-STREAM:[5->6]>, F_SETFD, FD_CLOEXEC) = 0\n1 100000000.5 execve(\"/no\", [\"no\"], 0x7ff /* 1 var */) = -1 ENOENT (No such file or directory)",
	} {
		t.Run(name, func(t *testing.T) { check(t, dial+ask+answer+"1 100000000.4 "+call+"\n", open...) })
	}
	check(t, dial+ask+"1 100000000.3 shutdown(3<UNIX-STREAM:[5->6]>, SHUT_WR) = 0\n"+answer+"1 100000000.4 read(3<UNIX-STREAM:[5->6]>, \"\", 4096) = 0\n1 100000000.5 close(3) = 0\n",
		opens, asks, "1 > eof", answers, "1 < eof", "1 end")
	check(t, dial+ask+"1 100000000.3 read(3<UNIX-STREAM:[5->6]>, 0x7, 4096) = -1 ECONNRESET (Connection reset by peer)\n1 100000000.4 close(3<UNIX-STREAM:[5->6]>) = 0\n",
		opens, asks, "1 end connection reset by the server")
}

// TestAddresses tells who talks to whom.
func TestAddresses(t *testing.T) {
	for name, test := range map[string]struct{ dial, fd, want string }{
		"abstract":    {`connect(3<UNIX-STREAM:[5]>, {sa_family=AF_UNIX, sun_path=@"name"}, 7) = 0`, "3<UNIX-STREAM:[5->6]>", "1 open [1] > unix://@name"},
		"old":         {`connect(3, {sa_family=AF_FILE, path="/run/x.sock"}, 14) = 0`, "3", opens},
		"AF_LOCAL":    {`connect(3<UNIX:[5]>, {sa_family=AF_LOCAL, sun_path="/run/x.sock"}, 14) = 0`, "3<UNIX:[5->6]>", opens},
		"in progress": {`connect(3<TCP:[9]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("10.0.0.1")}, 16) = -1 EINPROGRESS (Operation now in progress)`, "3<TCP:[10.0.0.2:4000->10.0.0.1:80]>", "1 open tcp://10.0.0.2:4000 ([1]) > tcp://10.0.0.1:80"},
		"IPv6":        {`connect(3<TCPv6:[9]>, {sa_family=AF_INET6, sin6_port=htons(80), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28) = 0`, "3<TCPv6:[[::1]:4000->[::1]:80]>", "1 open tcp://[::1]:4000 ([1]) > tcp://[::1]:80"},
		"only -y":     {`connect(3<socket:[9]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("10.0.0.1")}, 16) = 0`, "3<socket:[9]>", "1 open [1] > tcp://10.0.0.1:80"},
	} {
		t.Run(name, func(t *testing.T) {
			got, _, _ := readAll(t, strings.NewReader("1 100000000.1 "+test.dial+"\n1 100000000.2 write("+test.fd+", "+asked+") = 18\n"), Options{})
			if len(got.lines) < 2 || got.lines[0] != test.want || got.lines[1] != asks {
				t.Errorf("got %q, want %s", got.lines, test.want)
			}
		})
	}
	server := `7 100000000.0 accept4(4<UNIX-STREAM:[2,"/run/x.sock"]>, {sa_family=AF_UNIX}, [112 => 2], SOCK_CLOEXEC|SOCK_NONBLOCK) = 5<UNIX-STREAM:[6->5,"/run/x.sock"]>` + "\n"
	check(t, server+"7 100000000.2 read(5<UNIX-STREAM:[6->5,\"/run/x.sock\"]>, "+strings.Replace(asked, "18", "4096", 1)+") = 18\n"+
		"7 100000000.3 write(5<UNIX-STREAM:[6->5,\"/run/x.sock\"]>, "+strings.Replace(answered, "4096", "19", 1)+") = 19\n",
		"1 open ? > unix:///run/x.sock ([7])", asks, answers, stopped)
	check(t, dial+server+ask+"7 100000000.2 read(5<UNIX-STREAM:[6->5,\"/run/x.sock\"]>, "+strings.Replace(asked, "18", "4096", 1)+") = 18\n",
		"1 open [1] > unix:///run/x.sock ([7])", asks, stopped)
}

// TestOthers leaves alone what is not HTTP, and says how much.
func TestOthers(t *testing.T) {
	check(t, dial+"1 100000000.2 write(3<UNIX-STREAM:[5->6]>, \"\\26\\3\\1\\2\\0\\1\\0\", 7) = 7\n1 100000000.3 read(3<UNIX-STREAM:[5->6]>, \"\\26\\3\\3\", 3) = 3\n",
		"1 open [1] > unix:///run/x.sock", `1 > "\x16\x03\x01\x02\x00\x01\x00"`, `1 < "\x16\x03\x03"`, stopped, "remark: 1 connection with TLS, which is encrypted when strace sees it")
	check(t, dial+"1 100000000.2 write(3<UNIX-STREAM:[5->6]>, \"\\0\\1\\0\", 3) = 3\n1 100000000.3 read(3<UNIX-STREAM:[5->6]>, \"\\0\\3\\3\", 3) = 3\n",
		"remark: 1 connection without HTTP")
	check(t, strings.Replace(dial, "/run/x.sock", "/run/docker.sock", 1)+"1 100000000.2 write(3<UNIX-STREAM:[5->6]>, \"\\0\\1\\0\", 3) = 3\n",
		"1 open [1] > unix:///run/docker.sock", `1 > "\x00\x01\x00"`, stopped)
}

// TestBounds keeps what is remembered within its bounds, and says what that costs.
func TestBounds(t *testing.T) {
	var text bytes.Buffer
	for i := range 300 {
		fmt.Fprintf(&text, "%d 100000000.1 connect(3<UNIX-STREAM:[%d]>, {sa_family=AF_UNIX, sun_path=\"/x\"}, 14) = 0\n", i+1, i+1000)
		fmt.Fprintf(&text, "%d 100000000.2 write(3<UNIX-STREAM:[%d]>, %s) = 18\n", i+1, i+1000, asked)
		fmt.Fprintf(&text, "%d 100000000.3 write(3<UNIX-STREAM:[%d]>, \"%s\", 1000 <unfinished ...>\n", i+1, i+1000, strings.Repeat("x", 1000))
	}
	r := newReader(Options{MaxSockets: 50, MaxHeld: 10_000}, (&told{t: t}).tap)
	if err := r.read(t.Context(), &text); err != nil {
		t.Error(err)
	}
	if len(r.tasks) > 50 || r.sockets.Len() > 50 || len(r.inodes) > 50 || r.held > 10_000 || r.stats.Evicted == 0 {
		t.Errorf("%d threads, %d sockets, %d inodes, %d bytes, %d evicted", len(r.tasks), r.sockets.Len(), len(r.inodes), r.held, r.stats.Evicted)
	}
	if r.finish(); r.held != 0 {
		t.Errorf("%d bytes are held in the end", r.held)
	}
	long := newReader(Options{}, (&told{t: t}).tap)
	long.max = 1000
	err := long.read(t.Context(), strings.NewReader(dial+ask+"1 100000000.3 write(3<UNIX-STREAM:[5->6]>, \""+strings.Repeat("x", 5000)+"\", 5000) = 5000\n"+answer))
	if err != nil || long.stats.Long != 1 || long.stats.Strange != 0 {
		t.Errorf("%v, %+v", err, long.stats)
	}
}

// TestExecError tells why a program could not be run.
func TestExecError(t *testing.T) {
	_, stats, _ := readAll(t, strings.NewReader("1 100000000.1 execve(\"/x\", [\"x\"], 0x7 /* 1 var */) = -1 ENOEXEC (Exec format error)\n"), Options{})
	if stats.ExecError == nil || errors.Is(stats.ExecError, ErrNone) {
		t.Errorf("got %v", stats.ExecError)
	}
}
