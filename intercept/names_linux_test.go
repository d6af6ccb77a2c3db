package intercept

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// ownName is what the kernel says of this process.
func ownName(t *testing.T) string {
	name, err := os.ReadFile("/proc/self/comm")
	if err != nil {
		t.Skip(err)
	}
	return strings.TrimSuffix(string(name), "\n")
}

// TestNames: a name is that of the process that has the number now, also when another
// was asked for before, or has gone meanwhile.
func TestNames(t *testing.T) {
	own := ownName(t)
	child := exec.Command("sleep", "60")
	if err := child.Start(); err != nil {
		t.Skip(err)
	}
	var n names
	pids := map[string]int{own: os.Getpid(), "sleep": child.Process.Pid}
	for _, want := range []string{own, own, "sleep", "sleep", own, "sleep"} {
		got := n.of(pids[want])
		for got == own && want != own { // it has not become sleep yet
			got = n.of(pids[want])
		}
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	open := n.comm
	_ = child.Process.Kill()
	_ = child.Wait()
	if got := n.of(pids["sleep"]); got != "" {
		t.Errorf("a process that has gone is called %q", got)
	}
	if got := nameIn(open); n.pid != 0 && got == "" {
		t.Error("the file of a process that has gone is kept")
	}
	if got := n.of(os.Getpid()); got != own {
		t.Errorf("got %q, want %q", got, own)
	}
	n.close()
	if n.close(); n.pid != 0 {
		t.Error("the file is open")
	}
}

// TestNamesLetGo: when Serve has returned, nothing is open that tells a name.
func TestNamesLetGo(t *testing.T) {
	r := newRig(t, unixSocket, unixSocket, echo)
	c := r.dial()
	if _, err := c.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	c.Close()
	if p := r.ended().conn; p.Client.Process.Name != ownName(t) || p.Server.Process.Name != ownName(t) {
		t.Errorf("they are called %+v, %+v", p.Client.Process, p.Server.Process)
	}
	r.stop()
	r.wait(r.done, "Serve did not return")
	for i := range r.proxy.names {
		if r.proxy.names[i].pid != 0 {
			t.Errorf("the name of side %d is open", i)
		}
	}
}

// BenchmarkNames is what a name costs of a process that was asked for before, and of another:
// a third at most, as two of three system calls are spared.
func BenchmarkNames(b *testing.B) {
	pids := []int{os.Getpid(), os.Getppid()}
	for name, every := range map[string]int{"same": 1, "other": 2} {
		b.Run(name, func(b *testing.B) {
			var n names
			defer n.close()
			for i := 0; b.Loop(); i++ {
				n.of(pids[i%every])
			}
		})
	}
}
