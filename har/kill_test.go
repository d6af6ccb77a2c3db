package har_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/har"
	"github.com/socktrace/socktrace/wire"
)

// childFile names the file that this program records to, if it is a child of
// one of the tests.
const childFile = "SOCKTRACE_HAR_TEST_FILE"

func TestMain(m *testing.M) {
	name, limit := os.Getenv(childFile), os.Getenv(childLimit)
	switch {
	case name != "" && limit != "":
		recordUntilFull(name, limit)
	case name != "":
		recordForever(name)
	}
	os.Exit(m.Run())
}

// recordForever records exchanges, and tells the number of each on standard
// output when Event has returned for it.
func recordForever(name string) {
	w, err := har.Create(name, har.Options{})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	r := behindBook(nil, w)
	conn := dockerConn(1)
	var line []byte
	for n := 1; ; n++ {
		for _, ev := range exchangeEvents(conn, n) {
			if err := r.give(ev); err != nil {
				fmt.Println(err)
				os.Exit(1)
			}
		}
		line = append(strconv.AppendInt(line[:0], int64(n), 10), '\n')
		os.Stdout.Write(line)
	}
}

// TestKilled kills a process that records, at random moments. Every exchange
// that it said is recorded must be in the file, and the file valid. A kernel
// may cut a write short within a kill, at a page border: that happens once in
// a great while, and Read gives everything before it.
func TestKilled(t *testing.T) {
	kills := 50
	if testing.Short() {
		kills = 10
	}
	torn := 0
	for i := range kills {
		name := tempName(t, []string{"session.har", "session.har.gz"}[i%2])
		told := killWithin(t, name, time.Duration(rand.IntN(10))*time.Millisecond)
		b := readFile(t, name)
		if strings.HasSuffix(name, ".gz") {
			b = gunzip(t, b)
		}
		evs, repairs := readRepaired(t, b)
		if len(repairs) > 0 || !strings.HasSuffix(name, ".gz") && !json.Valid(b) {
			torn++
			t.Logf("kill %d: %q", i, repairs)
		}
		got := make(map[int]bool)
		for _, x := range exchanges(evs) {
			if got[x.Exchange] {
				t.Errorf("kill %d: exchange %d is there twice", i, x.Exchange)
			}
			got[x.Exchange] = x.State == wire.StateDone
		}
		for n := 1; n <= told; n++ {
			if !got[n] {
				t.Fatalf("kill %d: exchange %d of %d is lost; repairs %q", i, n, told, repairs)
			}
		}
	}
	if torn > kills/10 {
		t.Errorf("%d of %d files were torn", torn, kills)
	}
}

// killWithin runs a child that records to name, kills it, and returns how many
// exchanges it said are recorded.
func killWithin(t *testing.T, name string, after time.Duration) int {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), childFile+"="+name)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	told := 0
	var timer *time.Timer
	s := bufio.NewScanner(out)
	for s.Scan() {
		if timer == nil {
			timer = time.AfterFunc(after, func() { cmd.Process.Kill() })
		}
		n, err := strconv.Atoi(s.Text())
		if err != nil {
			cmd.Process.Kill()
			t.Fatalf("the child says %q", s.Text())
		}
		told = n
	}
	cmd.Wait()
	if told == 0 {
		t.Fatal("the child recorded nothing")
	}
	return told
}
