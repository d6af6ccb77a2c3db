package pcap

import (
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/socktrace/socktrace/internal/need"
)

// networkVar is set in a process that has a network of its own.
const networkVar = "SOCKTRACE_TEST_NETWORK"

// ownNetwork runs the test once more, in a process with a network of its own
// that has nothing but a loopback, and is where all privileges are. It reports
// whether this is that process.
func ownNetwork(t *testing.T) bool {
	t.Helper()
	if os.Getenv(networkVar) != "" {
		return true
	}
	again := func(attr *syscall.SysProcAttr) (*strings.Builder, *exec.Cmd, error) {
		out := new(strings.Builder)
		cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
		cmd.Env = append(os.Environ(), networkVar+"=1")
		cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = out, out, attr
		return out, cmd, cmd.Start()
	}
	attr := &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWNET}
	out, cmd, err := again(attr)
	if err != nil { // some systems let everybody have users of their own
		attr.Cloneflags |= unix.CLONE_NEWUSER
		attr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}}
		out, cmd, err = again(attr)
	}
	if err != nil {
		need.Skip(t, "netns", err)
	}
	err = cmd.Wait()
	switch {
	case err != nil:
		t.Errorf("in a network of its own: %v\n%s", err, out)
	case strings.Contains(out.String(), "--- SKIP: "+t.Name()+" "):
		t.Skipf("*** in a network of its own:\n%s", out) // it was noted there
	case !strings.Contains(out.String(), "--- PASS: "+t.Name()+" "):
		t.Errorf("it did not run in a network of its own:\n%s", out)
	}
	return false
}

// interfaceFlags sets and clears flags of a network interface.
func interfaceFlags(t *testing.T, name string, set, clear uint16) {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	request, err := unix.NewIfreq(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlIfreq(fd, unix.SIOCGIFFLAGS, request); err != nil {
		t.Fatal(err)
	}
	request.SetUint16(request.Uint16()&^clear | set)
	if err := unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, request); err != nil {
		t.Fatal(err)
	}
}

func up(t *testing.T, name string)   { t.Helper(); interfaceFlags(t, name, unix.IFF_UP, 0) }
func down(t *testing.T, name string) { t.Helper(); interfaceFlags(t, name, 0, unix.IFF_UP) }

// inject sends frames on the loopback. Nobody there wants them.
func inject(t *testing.T, all ...[]byte) {
	t.Helper()
	lo, err := findDevice("lo")
	if err != nil {
		t.Fatal(err)
	}
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	for _, f := range all {
		typ := networkOrder(binary.BigEndian.Uint16(f[12:]))
		if err := unix.Sendto(fd, f, 0, &unix.SockaddrLinklayer{Ifindex: lo.index, Protocol: typ, Halen: 6}); err != nil {
			t.Fatal(err)
		}
	}
}

// tun makes a network interface whose packets have no link headers, and returns
// its other end.
func tun(t *testing.T, name string) *os.File {
	t.Helper()
	f, err := os.OpenFile("/dev/net/tun", os.O_RDWR, 0)
	if err != nil {
		need.Skip(t, "tun", err)
	}
	t.Cleanup(func() { f.Close() })
	request, err := unix.NewIfreq(name)
	if err != nil {
		t.Fatal(err)
	}
	request.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
	if err := unix.IoctlIfreq(int(f.Fd()), unix.TUNSETIFF, request); err != nil {
		need.Skip(t, "tun", fmt.Errorf("make a tunnel: %w", err))
	}
	up(t, name)
	return f
}

// patient is how long a test waits for what must happen; it is only used up by
// a failure.
const patient = time.Minute
