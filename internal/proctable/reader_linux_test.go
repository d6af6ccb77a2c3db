package proctable

import (
	"os"
	"os/exec"
	"testing"

	"github.com/socktrace/socktrace/internal/need"
	"github.com/socktrace/socktrace/wire"
)

// TestDescribe: a process has its program and its parents, of which we are the first.
func TestDescribe(t *testing.T) {
	cmd := exec.Command(need.Program(t, "sleep"), "60")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer cmd.Process.Kill()
	r := NewReader()
	p := wire.Process{PID: cmd.Process.Pid, UID: os.Getuid()}
	r.Describe(&p)
	if p.More == nil || len(p.More.Parents) == 0 || p.More.Parents[0].PID != os.Getpid() || p.More.Parents[0].Name == "" || p.More.Exe == "" {
		t.Fatalf("%+v", p.More)
	}
	if os.Getuid() == 0 && p.More.User != "root" {
		t.Errorf("user %q", p.More.User)
	}
	again := wire.Process{PID: p.PID, UID: p.UID}
	if r.Describe(&again); again.More != p.More {
		t.Error("it is read again")
	}
}

// TestUserInContainer: the users of a container are not those of this machine.
func TestUserInContainer(t *testing.T) {
	r := NewReader()
	var host, inside wire.ProcessFacts
	inside.Container = "0123456789ab"
	r.name(&host, 0)
	r.name(&inside, 0)
	if host.User != "root" || inside.User != "" {
		t.Errorf("%q on the host, %q in a container", host.User, inside.User)
	}
}

// TestGone: of a process that is gone nothing is known, not even who its user is: it may
// have been in a container. What is remembered is bounded.
func TestGone(t *testing.T) {
	r := NewReader()
	for _, uid := range []int{0, -1} {
		p := wire.Process{PID: 1 << 30, UID: uid}
		if r.Describe(&p); p.More != nil {
			t.Errorf("%+v", p.More)
		}
	}
	for uid := range 3 * maxKnown {
		r.userName(1<<30 + uid)
	}
	if len(r.users) > maxKnown {
		t.Errorf("%d users", len(r.users))
	}
}

func BenchmarkDescribe(b *testing.B) {
	r := NewReader()
	for b.Loop() {
		p := wire.Process{PID: os.Getpid(), UID: os.Getuid()}
		r.Describe(&p)
	}
}

func BenchmarkDescribeNew(b *testing.B) {
	for b.Loop() {
		p := wire.Process{PID: os.Getpid(), UID: os.Getuid()}
		NewReader().Describe(&p)
	}
}
