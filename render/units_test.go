package render

import (
	"testing"
	"time"
)

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                                   "0.00 ms",
		-420 * time.Microsecond:             "-0.42 ms",
		420 * time.Microsecond:              "0.42 ms",
		9994 * time.Microsecond:             "9.99 ms",
		9996 * time.Microsecond:             "10.0 ms",
		182_440 * time.Microsecond:          "182.4 ms",
		999_960 * time.Microsecond:          "1.000 s",
		9_999_600 * time.Microsecond:        "10.00 s",
		59_994 * time.Millisecond:           "59.99 s",
		59_996 * time.Millisecond:           "1m00s",
		125 * time.Second:                   "2m05s",
		179 * time.Second:                   "2m59s",
		26*time.Hour + 59*time.Minute:       "26h59m",
		time.Hour - time.Millisecond:        "60m00s",
		26*time.Hour + 3*time.Minute + 1e10: "26h03m",
	} {
		if got := string(appendDuration(nil, d)); got != want {
			t.Errorf("%v: got %s, want %s", d, got, want)
		}
	}
}

func TestSize(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0 B", 1: "1 B", 99_999: "99999 B", 100_000: "100.0 kB", 999_940: "999.9 kB", 999_960: "1.0 MB",
		999_949: "999.9 kB", 999_950: "1.0 MB", 1_000_000: "1.0 MB",
		5 << 20: "5.2 MB", 10e9: "10.0 GB", 1<<63 - 1: "9.2 EB",
	} {
		if got := string(appendSize(nil, n)); got != want {
			t.Errorf("%d: got %s, want %s", n, got, want)
		}
	}
}

func TestUseColor(t *testing.T) {
	for _, test := range []struct {
		when     string
		env      map[string]string
		terminal bool
		want     bool
	}{
		{"always", map[string]string{"NO_COLOR": "1"}, false, true},
		{"never", map[string]string{"FORCE_COLOR": "1"}, true, false},
		{"auto", nil, true, true},
		{"auto", nil, false, false},
		{"auto", map[string]string{"NO_COLOR": "yes"}, true, false},
		{"auto", map[string]string{"NO_COLOR": ""}, true, true},
		{"auto", map[string]string{"NO_COLOR": "1", "CLICOLOR_FORCE": "1"}, true, false},
		{"auto", map[string]string{"CLICOLOR_FORCE": "3"}, false, true},
		{"auto", map[string]string{"CLICOLOR_FORCE": "0"}, false, false},
		{"auto", map[string]string{"FORCE_COLOR": "true"}, false, true},
		{"auto", map[string]string{"FORCE_COLOR": "false"}, false, false},
		{"auto", map[string]string{"FORCE_COLOR": "1", "TERM": "dumb"}, true, true},
		{"auto", map[string]string{"TERM": "dumb"}, true, false},
		{"auto", map[string]string{"CLICOLOR": "0"}, true, false},
		{"auto", map[string]string{"CLICOLOR": "1"}, false, false},
	} {
		got, err := UseColor(test.when, func(name string) string { return test.env[name] }, test.terminal)
		if err != nil || got != test.want {
			t.Errorf("%+v: got %v, %v", test, got, err)
		}
	}
	if _, err := UseColor("sometimes", nil, true); err == nil || err.Error() != `color "sometimes": want auto, always or never` {
		t.Errorf("got error %v", err)
	}
}

// TestUTF8: the first variable that is set decides what the terminal can show.
func TestUTF8(t *testing.T) {
	for _, test := range []struct {
		env  map[string]string
		want bool
	}{
		{nil, true}, {map[string]string{"TERM": "dumb"}, false}, {map[string]string{"TERM": "xterm"}, true},
		{map[string]string{"LANG": "C"}, false}, {map[string]string{"LANG": "C.UTF-8"}, true}, {map[string]string{"LANG": "de_DE.utf8", "TERM": "dumb"}, true},
		{map[string]string{"LC_ALL": "POSIX", "LANG": "C.UTF-8"}, false}, {map[string]string{"LC_ALL": "", "LC_CTYPE": "en_US.UTF-8", "LANG": "C"}, true},
		{map[string]string{"LC_CTYPE": "C", "LANG": "C.UTF-8"}, false}, {map[string]string{"LANG": "de_DE.ISO-8859-1"}, false},
	} {
		if got := UTF8(func(name string) string { return test.env[name] }); got != test.want {
			t.Errorf("%v: %t", test.env, got)
		}
	}
}
