package intercept

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/testpeer"
)

// TestInPlaceUnderLoad comes and goes, again and again: no client fails, and nothing
// is left.
func TestInPlaceUnderLoad(t *testing.T) {
	t.Parallel()
	path := filepath.Join(openDir(t), "d.sock")
	echoDaemon(t, path)
	same := sameSocket(t, path)
	_, access := socketOf(t, path)
	c := newCrowd(t, path)
	c.More()
	for range 5 {
		s := standInFor(t, path)
		if _, a := socketOf(t, path); a != access {
			t.Errorf("access %+v, want %+v", a, access)
		}
		c.More()
		s.end()
		if n := s.proxy.Connections(); n < 150 { // those that were under way had come before
			t.Errorf("%d connections were seen", n)
		}
		same()
		c.More()
	}
	c.End()
	noneLeft(t, path)
}

// TestInPlaceReplaced follows a daemon that puts a new socket over its own: its
// clients never find nothing.
func TestInPlaceReplaced(t *testing.T) {
	t.Parallel()
	path := filepath.Join(openDir(t), "d.sock")
	old := echoDaemon(t, path)
	old.SetUnlinkOnClose(false)
	s := standInFor(t, path)
	c := newCrowd(t, path)
	c.More()
	for range 3 {
		next := echoDaemon(t, path+".new")
		next.SetUnlinkOnClose(false)
		if err := os.Rename(path+".new", path); err != nil {
			t.Fatal(err)
		}
		s.said("in place again, of a new socket")
		before := s.proxy.Connections()
		c.More()
		if s.proxy.Connections() < before+150 {
			t.Error("its clients are not seen")
		}
	}
	s.end()
	c.More()
	c.End()
	noneLeft(t, path)
}

// TestInPlaceRestarted follows a daemon that removes its socket, is away for a while
// and makes a new one: only meanwhile does connecting fail, as it would.
func TestInPlaceRestarted(t *testing.T) {
	t.Parallel()
	path := filepath.Join(openDir(t), "d.sock")
	l := echoDaemon(t, path)
	s := standInFor(t, path)
	c := newCrowd(t, path)
	for range 3 {
		c.More()
		c.Gap()
		l.Close() // removes what is there: our socket
		s.said("it was removed; waiting for a new one")
		if err := tellAndHear(path, nil); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("connecting meanwhile: %v", err)
		}
		l = echoDaemon(t, path)
		c.Gap()
		s.said("in place again, of a new socket")
		if _, a := socketOf(t, path); a.mode != 0o660 {
			t.Errorf("mode %o", a.mode)
		}
	}
	c.More()
	s.end()
	c.More()
	c.End()
	noneLeft(t, path)
}

// TestInPlaceKilledDaemon has clients find the dead socket of a daemon that was
// killed, as they would, and what the next one makes.
func TestInPlaceKilledDaemon(t *testing.T) {
	t.Parallel()
	path := filepath.Join(openDir(t), "d.sock")
	l := echoDaemon(t, path)
	l.SetUnlinkOnClose(false)
	own, _ := socketOf(t, path)
	s := standInFor(t, path)
	c := newCrowd(t, path)
	c.More()
	c.Gap()
	l.Close()
	s.said("its daemon is gone; waiting for it to come back")
	if id, _ := socketOf(t, path); id != own {
		t.Error("the daemon's socket is not where clients look")
	}
	if err := tellAndHear(path, nil); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("connecting meanwhile: %v", err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	echoDaemon(t, path)
	c.Gap()
	s.said("in place again, of a new socket")
	c.More()
	s.end()
	c.End()
	noneLeft(t, path)
}

// TestInPlaceActivated has a socket that another process holds than the daemon, as
// systemd does: what happens to the daemon is not seen at all.
func TestInPlaceActivated(t *testing.T) {
	t.Parallel()
	path := filepath.Join(openDir(t), "d.sock")
	held, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	held.SetUnlinkOnClose(false)
	defer held.Close()
	daemon := func() net.Listener {
		f, err := held.File() // as the daemon inherits it
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		l, err := net.FileListener(f)
		if err != nil {
			t.Fatal(err)
		}
		l.(*net.UnixListener).SetUnlinkOnClose(false)
		testpeer.Serve(t, l, patiently(echo))
		return l
	}
	same := sameSocket(t, path)
	l := daemon()
	s := standInFor(t, path)
	ours := sameSocket(t, path)
	c := newCrowd(t, path)
	for range 3 {
		c.More()
		l.Close()
		time.Sleep(2 * lookEvery) // long enough for us to look
		l = daemon()
	}
	c.More()
	ours()
	s.end()
	c.More()
	c.End()
	same()
	l.Close()
	noneLeft(t, path)
}

// TestInPlaceQueue serves at the end who was in the queue only, and who had begun.
func TestInPlaceQueue(t *testing.T) {
	t.Parallel()
	path := filepath.Join(openDir(t), "d.sock")
	echoDaemon(t, path)
	l, err := OpenInPlace(path, InPlaceOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var queued []net.Conn
	for range 20 { // nobody accepts them
		c, err := net.Dial("unix", path)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		c.SetDeadline(time.Now().Add(patience))
		queued = append(queued, c)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	noneLeft(t, path)
	p := &Proxy{Listener: l, Upstream: l.Upstream()}
	served := make(chan error)
	go func() { served <- p.Serve(context.Background()) }()
	for _, c := range queued {
		write(t, c, "still")
		read(t, c, "still")
		c.Close()
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
	if n := p.Connections(); n != len(queued) {
		t.Errorf("%d connections", n)
	}
	if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("accept: %v", err)
	}
}

// TestInPlaceAtOnce looks at the path all the time while places are taken and given
// back: something is always there.
func TestInPlaceAtOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(openDir(t), "d.sock")
	echoDaemon(t, path)
	stop, missed := make(chan struct{}), make(chan int)
	go func() {
		n := 0
		for {
			select {
			case <-stop:
				missed <- n
				return
			default:
			}
			if !isThere(path) {
				n++
			}
		}
	}()
	for range 100 {
		l, err := OpenInPlace(path, InPlaceOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	if n := <-missed; n > 0 {
		t.Errorf("nothing was there %d times", n)
	}
}

// TestInPlaceRestless has a daemon change its socket at odd times, over its own or
// ours: whatever is under way then, in the end the last one has its place.
func TestInPlaceRestless(t *testing.T) {
	t.Parallel()
	path := filepath.Join(openDir(t), "d.sock")
	put := func(n int) fileID {
		next := fmt.Sprintf("%s.%d", path, n)
		echoDaemon(t, next).SetUnlinkOnClose(false)
		id := inode(next)
		if err := os.Rename(next, path); err != nil {
			t.Fatal(err)
		}
		return id
	}
	put(0)
	c := newCrowd(t, path)
	for round := range 8 {
		var last fileID
		s := standInFor(t, path)
		for n := range 12 {
			time.Sleep(settle * time.Duration(n%5) / 2) // when it looks, before and after
			last = put(100*round + n)
		}
		s.end()
		if inode(path) != last {
			t.Fatalf("round %d: %v, want %v", round, inode(path), last)
		}
		c.More()
	}
	c.End()
	noneLeft(t, path)
}

// TestInPlaceFolder follows a daemon whose folder goes with it, and comes again.
func TestInPlaceFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(openDir(t), "run")
	path := filepath.Join(dir, "d.sock")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	l := echoDaemon(t, path)
	s := standInFor(t, path)
	for range 2 {
		l.Close()
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		s.said("it was removed; waiting for a new one")
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		l = echoDaemon(t, path)
		s.said("in place again, of a new socket")
		if err := tellAndHear(path, []byte("hi")); err != nil {
			t.Error(err)
		}
		var taken *InPlaceError
		if err := CheckInPlace(path); !errors.As(err, &taken) {
			t.Errorf("its lock: %v", err)
		}
	}
	if n := s.proxy.Connections(); n != 2 {
		t.Errorf("%d connections", n)
	}
	s.end()
	noneLeft(t, path)
}

// TestInPlaceMoved has somebody move our socket away and back, or the whole directory: the
// daemon's own is not lost, and we are in its place again.
func TestInPlaceMoved(t *testing.T) {
	t.Parallel()
	for name, late := range map[string]bool{"at once": false, "when it is closed": true} {
		for _, what := range []string{"d.sock", "."} {
			t.Run(what+" "+name, func(t *testing.T) {
				t.Parallel()
				dir := filepath.Join(openDir(t), "run")
				if err := os.Mkdir(dir, 0o755); err != nil {
					t.Fatal(err)
				}
				path := filepath.Join(dir, "d.sock")
				echoDaemon(t, path)
				same := sameSocket(t, path)
				s := standInFor(t, path)
				s.l.mu.Lock()
				f := s.l.front
				s.l.mu.Unlock()
				from, to := filepath.Join(dir, what), dir+".away"
				if err := os.Rename(from, to); err != nil {
					t.Fatal(err)
				}
				s.said("it was removed; waiting for a new one")
				if late {
					<-f.over
				}
				if err := os.Rename(to, from); err != nil {
					t.Fatal(err)
				}
				s.said("in place again, of a new socket")
				if err := tellAndHear(path, []byte("hi")); err != nil {
					t.Error(err)
				}
				if n := s.proxy.Connections(); n != 1 {
					t.Errorf("%d connections", n)
				}
				s.end()
				same()
				noneLeft(t, path)
			})
		}
	}
}

// TestInPlaceHidden has somebody put a file where the socket was: the daemon's own is
// not lost.
func TestInPlaceHidden(t *testing.T) {
	t.Parallel()
	path := filepath.Join(openDir(t), "d.sock")
	echoDaemon(t, path)
	same := sameSocket(t, path)
	l, err := OpenInPlace(path, InPlaceOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.WriteFile(path+".new", nil, 0o600), os.Rename(path+".new", path)); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err == nil || !strings.Contains(err.Error(), ": somebody has removed it; the daemon can still be reached at "+l.Aside()) {
		t.Errorf("close: %v", err)
	}
	if _, err := Restore(path); err == nil || !strings.HasSuffix(err.Error(), ": not a socket but a regular file") {
		t.Errorf("restore: %v", err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(path); err != nil {
		t.Error(err)
	}
	same()
	noneLeft(t, path)
}

// TestInPlaceRemoved has somebody remove the socket while its daemon goes on: who
// ends is told how it has its place again.
func TestInPlaceRemoved(t *testing.T) {
	t.Parallel()
	path := filepath.Join(openDir(t), "d.sock")
	echoDaemon(t, path)
	own := inode(path)
	l, err := OpenInPlace(path, InPlaceOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	want := "in place of " + path + ": somebody has removed it; the daemon can still be reached at " + l.Aside() +
		", and has its place again after: socktrace restore " + path
	if err := l.Close(); err == nil || err.Error() != want {
		t.Errorf("close: %v", err)
	}
	if did, err := Restore(path); did != "the daemon's socket was missing: it is back" || err != nil {
		t.Errorf("restore: %q, %v", did, err)
	}
	if inode(path) != own {
		t.Error("it is another")
	}
	noneLeft(t, path)
}

// TestInPlaceTakenAway has somebody remove the daemon's own socket from aside. There
// is nothing to give back then, and ours is not left where it was.
func TestInPlaceTakenAway(t *testing.T) {
	t.Parallel()
	path := filepath.Join(openDir(t), "d.sock")
	echoDaemon(t, path)
	said := make(chan error, 10)
	l, err := OpenInPlace(path, InPlaceOptions{Warn: func(err error) { said <- err }})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(l.Aside()); err != nil {
		t.Fatal(err)
	}
	gone := "in place of " + path + ": the daemon's own socket, " + l.Aside() + ", was taken away: "
	if err := <-said; err.Error() != gone+"nobody can reach it until it is started again" {
		t.Errorf("it says %v", err)
	}
	if err := l.Close(); err == nil || err.Error() != gone+"start the daemon again" {
		t.Errorf("close: %v", err)
	}
	if names, err := os.ReadDir(filepath.Dir(path)); len(names) > 0 || err != nil {
		t.Errorf("left: %v, %v", names, err)
	}
}

// TestInPlaceDescriptors leaves none open, of whatever.
func TestInPlaceDescriptors(t *testing.T) {
	uncollected(t)
	dir := openDir(t)
	path := filepath.Join(dir, "d.sock")
	echoDaemon(t, path)
	of := []string{"socket:", "anon_inode:inotify", "/"}
	known := held(t, nil, of...)
	holds := func(n int) { // what watches is opened, and closed, by a goroutine
		t.Helper()
		for end := time.Now().Add(patience); len(held(t, known, of...)) != n; time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%v are open, want %d", held(t, known, of...), n)
			}
		}
	}
	for range 3 {
		l, err := OpenInPlace(path, InPlaceOptions{})
		if err != nil {
			t.Fatal(err)
		}
		holds(3) // ours, what watches, the lock
		if err := errors.Join(CheckInPlace(path), openError(path)); err == nil {
			t.Error("two are in one place")
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("accept: %v", err)
		}
		holds(0)
	}
	if err := errors.Join(CheckInPlace(path), CheckInPlace(path)); err != nil {
		t.Error(err)
	}
	holds(0)
}
