package jsontext

import "testing"

func TestSpace(t *testing.T) {
	for _, test := range []struct {
		b       string
		i, want int
	}{{"", 0, 0}, {"x", 0, 0}, {" \t\r\nx ", 0, 4}, {"x  ", 1, 3}, {"x", 1, 1}, {"\v", 0, 0}, {"\u00a0", 0, 0}} {
		if got := Space([]byte(test.b), test.i); got != test.want {
			t.Errorf("Space(%q, %d) = %d; want %d", test.b, test.i, got, test.want)
		}
	}
}
