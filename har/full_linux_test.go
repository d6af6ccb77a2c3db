package har_test

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/socktrace/socktrace/har"
)

// childLimit is how large a file may grow in the child of TestFull.
const childLimit = "SOCKTRACE_HAR_TEST_LIMIT"

// recordUntilFull records until that fails, and says how many exchanges were
// recorded.
func recordUntilFull(name, limit string) {
	signal.Ignore(syscall.SIGXFSZ)
	n, _ := strconv.ParseUint(limit, 10, 64)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: n, Max: n}); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	w, err := har.Create(name, har.Options{Late: os.Getenv(childLate) != ""})
	done := 0
	if err != nil {
		fmt.Println("none", err)
		os.Exit(0)
	}
	r := behindBook(nil, w)
	for conn := dockerConn(1); err == nil; done++ {
		for _, ev := range exchangeEvents(conn, done+1) {
			err = r.give(ev)
		}
	}
	fmt.Println(done-1, err)
	if os.Getenv(childClose) != "" {
		r.Close()
	}
	if os.Getenv(childLate) != "" {
		fmt.Println(w.Files(), w.Entries())
	}
	os.Exit(0)
}

// childClose says that the child closes its Writer.
const childClose = "SOCKTRACE_HAR_TEST_CLOSE"

// childLate says that the file is to take its name when it is complete.
const childLate = "SOCKTRACE_HAR_TEST_LATE"

// TestFull checks that a file which cannot grow stays a whole document, whether
// or not it is closed.
func TestFull(t *testing.T) {
	for _, name := range []string{"session.har", "session.har.gz"} {
		for _, closes := range []string{"", "1"} {
			file := tempName(t, name)
			cmd := exec.Command(os.Args[0], "-test.run=^$")
			cmd.Env = append(os.Environ(), childFile+"="+file, childLimit+"=100000", childClose+"="+closes)
			out, err := cmd.Output()
			if err != nil {
				t.Fatal(err)
			}
			said, why, _ := strings.Cut(string(out), " ")
			n, err := strconv.Atoi(said)
			if err != nil || !strings.Contains(why, "session.har") || !strings.Contains(why, "file too large") {
				t.Fatalf("the child says %q", out)
			}
			if got := len(exchanges(read(t, content(t, file)))); got != n || n < 20 {
				t.Errorf("%s: %d exchanges in the file, want %d", name, got, n)
			}
		}
	}
}

// TestNoRoom checks that no Writer is made of a file that cannot be begun.
func TestNoRoom(t *testing.T) {
	for _, name := range []string{"session.har", "session.har.gz"} {
		for _, limit := range []string{"0", "5"} {
			cmd := exec.Command(os.Args[0], "-test.run=^$")
			cmd.Env = append(os.Environ(), childFile+"="+tempName(t, name), childLimit+"="+limit)
			out, err := cmd.Output()
			if err != nil || !strings.HasPrefix(string(out), "none har: ") || !strings.Contains(string(out), "file too large") {
				t.Errorf("%s, %s bytes: %v, the child says %q", name, limit, err, out)
			}
		}
	}
}

// TestLateFull checks that nothing is left of a file that takes its name when it is
// complete, and could not be.
func TestLateFull(t *testing.T) {
	for _, name := range []string{"session.har", "session.har.gz"} {
		file := tempName(t, name)
		cmd := exec.Command(os.Args[0], "-test.run=^$")
		cmd.Env = append(os.Environ(), childFile+"="+file, childLimit+"=100000", childClose+"=1", childLate+"=1")
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		if want := "har: " + file + " was not made: file too large\n[] 0\n"; !strings.HasSuffix(string(out), want) {
			t.Errorf("the child says %q, want %q", out, want)
		}
		if got := inFolder(t, file); len(got) > 0 {
			t.Errorf("files %q", got)
		}
	}
}
