package content

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// record returns a pax record.
func record(key, value string) string {
	n := len(key) + len(value) + 3
	for size := n; ; size++ {
		if s := fmt.Sprintf("%d %s=%s\n", size, key, value); len(s) == size {
			return s
		}
	}
}

// TestRecords reads what stands before an entry, one after another.
func TestRecords(t *testing.T) {
	long := strings.Repeat("n", maxTarName+5)
	const unchanged = "name link 1 2 3 3 4.0 false"
	for _, c := range []struct {
		name   string
		blocks []string // each with its flag before it
		bad    bool
		want   string
	}{
		{"nothing", nil, false, unchanged},
		{"all", []string{"x" + record("path", "p") + record("linkpath", "l") + record("size", "9") + record("uid", "7") + record("gid", "8") + record("mtime", "5.25")}, false, "p l 7 8 9 9 5.25 false"},
		{"others", []string{"x" + record("comment", "c") + record("uname", "u")}, false, unchanged},
		{"the last counts", []string{"x" + record("path", "a") + record("path", "b")}, false, "b link 1 2 3 3 4.0 false"},
		{"empty ones say nothing", []string{"x" + record("path", "") + record("size", "") + record("mtime", "") + record("linkpath", "")}, false, unchanged},
		{"empty ones take back", []string{"x" + record("path", "a") + record("path", "")}, false, unchanged},
		{"the next replace them", []string{"x" + record("path", "a"), "x" + record("uid", "7")}, false, "name link 7 2 3 3 4.0 false"},
		{"global", []string{"g" + record("path", "a") + record("linkpath", "l") + record("size", "9") + record("uid", "7") + record("gid", "8") + record("mtime", "5")}, false, "a l 7 8 9 9 5.0 false"},
		{"global ones add up", []string{"g" + record("uid", "7") + record("gid", "7"), "g" + record("gid", "8")}, false, "name link 7 8 3 3 4.0 false"},
		{"own ones are closer", []string{"g" + record("path", "a") + record("uid", "6") + record("gid", "6") + record("linkpath", "x") + record("size", "6") + record("mtime", "6"),
			"x" + record("path", "b") + record("uid", "7") + record("gid", "8") + record("linkpath", "l") + record("size", "9") + record("mtime", "5")}, false, "b l 7 8 9 9 5.0 false"},
		{"long names", []string{"Lname2\x00rest", "Klink2\x00"}, false, "name2 link2 1 2 3 3 4.0 false"},
		{"long names are the longest", []string{"Llong", "x" + record("path", "p") + record("linkpath", "l"), "Kl2"}, false, "long l2 1 2 3 3 4.0 false"},
		{"an empty long name", []string{"L\x00"}, false, unchanged},
		{"holes", []string{"x" + record("GNU.sparse.major", "1") + record("GNU.sparse.name", "s") + record("GNU.sparse.realsize", "99")}, false, "s link 1 2 3 99 4.0 true"},
		{"older holes", []string{"x" + record("GNU.sparse.size", "99")}, false, "name link 1 2 3 99 4.0 true"},
		{"before 1970", []string{"x" + record("mtime", "-5.5")}, false, "name link 1 2 3 3 -6.5 false"},
		{"many decimals", []string{"x" + record("mtime", "5.1234567891")}, false, "name link 1 2 3 3 5.123456789 false"},
		{"a long path is cut", []string{"x" + record("path", long)}, false, long[:maxTarName+1] + " link 1 2 3 3 4.0 false"},
		{"no size", []string{"xpath=p\n"}, true, unchanged},
		{"a size that is too large", []string{"x99 path=p\n"}, true, unchanged},
		{"one that is too small", []string{"x3 path=p\n"}, true, unchanged},
		{"a negative one", []string{"x-9 path=p\n"}, true, unchanged},
		{"no end", []string{"x9 path=p " + record("uid", "7")}, true, unchanged},
		{"no value", []string{"x" + strings.Replace(record("path", "p"), "=", "-", 1)}, true, unchanged},
		{"no key", []string{"x" + record("", "p")}, true, unchanged},
		{"what was before counts", []string{"x" + record("path", "p") + "9 x\n" + record("uid", "7")}, true, "p link 1 2 3 3 4.0 false"},
		{"zeros in a path", []string{"x" + record("path", "a\x00b")}, true, unchanged},
		{"a word", []string{"x" + record("size", "much")}, true, unchanged},
		{"a word for a time", []string{"x" + record("mtime", "soon")}, true, unchanged},
		{"decimals that are none", []string{"x" + record("mtime", "5.x")}, true, unchanged},
		{"a bad global one", []string{"gx"}, true, unchanged},
	} {
		var r, global tarRecords
		ok := true
		for _, b := range c.blocks {
			ok = r.announce(&global, b[0], []byte(b[1:])) && ok
		}
		h := tarHeader{flag: tarFile, name: []byte("name"), link: []byte("link"), uid: 1, gid: 2, stored: 3, size: 3, mtime: time.Unix(4, 0)}
		r = r.over(&global)
		r.apply(&h)
		decimals := strings.TrimRight(fmt.Sprintf("%d.%09d", h.mtime.Unix(), h.mtime.Nanosecond()), "0")
		if strings.HasSuffix(decimals, ".") {
			decimals += "0"
		}
		got := fmt.Sprintf("%s %s %d %d %d %d %s %t", h.name, h.link, h.uid, h.gid, h.stored, h.size, decimals, h.sparse)
		if ok == c.bad || got != c.want {
			t.Errorf("%s: got %.80s, %t; want %.80s", c.name, got, ok, c.want)
		}
	}
}
