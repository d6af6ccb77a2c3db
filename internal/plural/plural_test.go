package plural

import "testing"

func TestPlural(t *testing.T) {
	for _, c := range []struct {
		n                   int64
		word                string
		of, one, verb, more string
	}{
		{0, "byte", "0 bytes", "was", "were", "were"}, {1, "byte", "1 byte", "was", "was", "were"}, {2, "entry", "2 entries", "is", "are", "are"},
		{1, "entry", "1 entry", "is", "is", "are"}, {-1, "anomaly", "-1 anomalies", "a", "b", "b"},
	} {
		if got := Of(c.n, c.word); got != c.of {
			t.Errorf("got %s, want %s", got, c.of)
		}
		if got := Verb(c.n, c.one, c.more); got != c.verb {
			t.Errorf("%d: got %s, want %s", c.n, got, c.verb)
		}
	}
}
