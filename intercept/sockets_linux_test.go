package intercept

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/need"
	"golang.org/x/sys/unix"
)

// echoThrough says something through a proxy from a to a server at the other, and
// returns what comes back.
func echoThrough(t *testing.T, at, upstream Addr) string {
	t.Helper()
	l, err := Listen(at, ListenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{Listener: l, Upstream: Upstream{Addr: upstream}}
	served := make(chan error, 1)
	go func() { served <- p.Serve(context.Background()) }()
	defer func() {
		p.Drain(context.Background())
		if err := <-served; err != nil {
			t.Error(err)
		}
	}()
	network, address := l.Local().dialled()
	c, err := net.Dial(network, address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprint(c, "said")
	c.(interface{ CloseWrite() error }).CloseWrite()
	b, err := io.ReadAll(c)
	if err != nil {
		t.Error(err)
	}
	return string(b)
}

// echoServer answers what it is told, in capitals, on a listener.
func echoServer(t *testing.T, network, address string) net.Listener {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		need.Skip(t, network+" "+address, err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			b, _ := io.ReadAll(c)
			fmt.Fprint(c, strings.ToUpper(string(b)))
			c.Close()
		}
	}()
	return l
}

// TestAbstract relays between sockets that have no file, at both sides.
func TestAbstract(t *testing.T) {
	name := fmt.Sprintf("@socktrace-test-%d", os.Getpid())
	echoServer(t, "unix", name+"-up")
	if got := echoThrough(t, Addr{"unix", name}, Addr{"unix", name + "-up"}); got != "SAID" {
		t.Errorf("got %q", got)
	}
	if _, err := os.Lstat(name); !os.IsNotExist(err) {
		t.Errorf("a file is left: %v", err)
	}
	_, err := Listen(Addr{"unix", name + "-up"}, ListenOptions{})
	if want := "listen unix://" + name + "-up: address already in use"; err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	longest := "@" + strings.Repeat("x", maxUnixPath)
	l, err := Listen(Addr{"unix", longest}, ListenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	for _, err := range []error{CheckListen(Addr{"unix", longest + "x"}, ListenOptions{}), Upstream{Addr: Addr{"unix", longest + "x"}}.Check()} {
		if err == nil || !strings.HasSuffix(err.Error(), ": path of 109 bytes; a unix socket's has at most 108") {
			t.Errorf("too long: %v", err)
		}
	}
}

// TestIPv6 relays between addresses of IPv6, one with a zone, one with a base path.
func TestIPv6(t *testing.T) {
	up := echoServer(t, "tcp", "[::1]:0").Addr().String()
	for _, at := range []string{"tcp://[::1]:0", "tcp://[::1%lo]:0/base"} {
		a, err := ParseAddr(at)
		if err != nil {
			t.Fatal(err)
		}
		if got := echoThrough(t, a, Addr{"tcp", up + "/base"}); got != "SAID" {
			t.Errorf("%s: got %q", at, got)
		}
	}
}

// TestKeepAlive has the system find out about peers on TCP that are gone without a
// word, as it would between the two.
func TestKeepAlive(t *testing.T) {
	up := echoServer(t, "tcp", "127.0.0.1:0").Addr().String()
	l, err := Listen(Addr{"tcp", "127.0.0.1:0"}, ListenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	client, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	accepted, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer accepted.Close()
	upstream, err := Upstream{Addr: Addr{"tcp", up}}.Dial(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer upstream.Close()
	for end, c := range map[string]net.Conn{"client": accepted, "upstream": upstream} {
		var on int
		if !control(c, func(fd int) { on, err = unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE) }) || err != nil || on == 0 {
			t.Errorf("%s: SO_KEEPALIVE is %d, %v", end, on, err)
		}
	}
}
