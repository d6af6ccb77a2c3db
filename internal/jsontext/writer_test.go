package jsontext

import (
	"testing"
	"time"
)

func TestWriter(t *testing.T) {
	w := Writer{B: []byte("{")}
	w.String("s", "a\"b")
	w.Text("t", []byte("é"))
	w.Optional("none", "")
	w.Optional("some", "x")
	w.Word("word", "plain")
	w.Strings("none", nil)
	w.Strings("list", []string{"1", "2"})
	w.Flag("none", false)
	w.Flag("flag", true)
	w.Count("none", 0)
	w.Count("count", -1)
	w.Base64("b", []byte{0xff})
	w.Open("o", '{')
	w.Close('}')
	w.Open("a", '[')
	w.Raw("", "{}")
	w.Int("", 1<<62)
	w.Pair("x", "")
	w.Pair("a\"b", "é")
	w.Close(']')
	w.Close('}')
	const want = `{"s":"a\"b","t":"é","some":"x","word":"plain","list":["1","2"],"flag":true,"count":-1,"b":"/w==","o":{},"a":[{},4611686018427387904,["x",""],["a\"b","é"]]}`
	if string(w.B) != want {
		t.Errorf("got  %s\nwant %s", w.B, want)
	}
}

func TestMillis(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0", 1: "0.000001", time.Millisecond: "1", 1500 * time.Microsecond: "1.5", -1500 * time.Microsecond: "-1.5",
		-time.Nanosecond: "-0.000001", 25 * time.Hour: "90000000", 1<<63 - 1: "9223372036854.775807", -1 << 63: "-9223372036854.775808",
	} {
		w := Writer{B: []byte("[")}
		if w.Millis("", d); string(w.B) != "["+want {
			t.Errorf("%d: got %s, want [%s", d, w.B, want)
		}
	}
}
