package strace

import (
	"fmt"
	"strings"
	"testing"
)

// TestIncredible believes no result that no call can have: what was moved is not known
// then, and the line is counted.
func TestIncredible(t *testing.T) {
	const fd = "3<UNIX-STREAM:[5->6]>"
	unknown := "remark: 1 line is not strace's, or damaged"
	for name, test := range map[string]struct{ call, way string }{
		"more than any call":      {`read(` + fd + `, "x"..., 99999999999999999) = 2147479553`, "<"},
		"more than fits":          {`read(` + fd + `, "x"..., 18446744073709551615) = 99999999999999999999`, "<"},
		"more than asked for":     {`recvfrom(` + fd + `, "x"..., 4096, 0, NULL, NULL) = 4097`, "<"},
		"more than there was":     {`write(` + fd + `, "x"..., 1) = 2`, ">"},
		"vectors":                 {`writev(` + fd + `, [{iov_base="x"..., iov_len=9}], 1) = 2147479553`, ">"},
		"messages":                {`sendmmsg(` + fd + `, [{msg_hdr={msg_iov=[{iov_base="x"..., iov_len=9}]}, msg_len=4294967295}], 1, 0) = 1`, ">"},
		"sendfile":                {`sendfile(` + fd + `, 4</x>, NULL, 100) = 101`, ">"},
		"splice from it":          {`splice(` + fd + `, NULL, 9<pipe:[1]>, NULL, 100, 0) = 101`, "<"},
		"splice to it":            {`splice(9<pipe:[1]>, NULL, ` + fd + `, NULL, 9999999999, 0) = 9999999999`, ">"},
		"a result that is none":   {`write(` + fd + `, "x", 1) = many`, ">"},
		"a line that is cut":      {`write(` + fd + `, "x`, ">"},
		"a line that goes astray": {`write(` + fd + `, "x"), 1 = 1`, ">"},
	} {
		t.Run(name, func(t *testing.T) {
			check(t, dial+ask+"1 100000000.3 "+test.call+"\n", opens, asks, "1 "+test.way+" lost -1", stopped, unknown)
		})
	}
	check(t, dial+ask+"1 100000000.3 read("+fd+", 0x7ffe, 18446744073709551615) = 2147479552\n",
		opens, asks, "1 < lost 2147479552", stopped, "remark: 2147479552 bytes of buffers were not printed by strace")
}

// TestLongWinded reads lines that were made to take long, or much memory, within the
// time of a test.
func TestLongWinded(t *testing.T) {
	const much = 4 << 20
	for name, line := range map[string]string{
		"minus":       strings.Repeat("-", 8*much),
		"[pid minus":  "[pid " + strings.Repeat("-", much),
		"result":      "1 1.0 read(3, 0x7, 1) = " + strings.Repeat("-", much),
		"arrows":      "1 1.0 write(3, " + strings.Repeat("1<", much/2) + ") = 3",
		"brackets":    "1 1.0 writev(3<TCP:[1]>, [" + strings.Repeat("{", much),
		"description": "1 1.0 write(3<TCP:[" + strings.Repeat("<", much) + ", 1) = 3",
		"quotes":      "1 1.0 write(3<TCP:[1" + strings.Repeat("\"", much) + "]>, 1) = 3",
		"buffers":     "1 1.0 writev(3<TCP:[1]>, [" + strings.Repeat("{iov_base=\"\", iov_len=0}, ", much/26) + "], 9) = 3",
	} {
		t.Run(name, func(t *testing.T) {
			got, stats, _ := readAll(t, strings.NewReader(line+"\n"), Options{})
			if stats.Lines != 1 || len(got.conns) > 0 {
				t.Errorf("%d lines, %d connections", stats.Lines, len(got.conns))
			}
		})
	}
}

// TestManyTables closes descriptors that are many, and execs often, within the time of a
// test.
func TestManyTables(t *testing.T) {
	var text strings.Builder
	for fd := range 20_000 {
		fmt.Fprintf(&text, "1 1.0 dup2(3<TCP:[1]>, %d<TCP:[1]>) = %[1]d<TCP:[1]>\n", fd)
	}
	for range 1000 {
		text.WriteString("1 2.0 execve(\"/bin/true\", [\"true\"], 0x7) = 0\n1 3.0 close_range(20000, 20001, 0) = 0\n")
	}
	_, stats, _ := readAll(t, strings.NewReader(text.String()), Options{})
	if want := int64(22_000); stats.Calls != want {
		t.Errorf("%d calls, want %d", stats.Calls, want)
	}
}
