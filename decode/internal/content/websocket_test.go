package content

import (
	"errors"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/decode/internal/budget"
	"github.com/socktrace/socktrace/decode/internal/coding"
	"github.com/socktrace/socktrace/internal/memory"
	"github.com/socktrace/socktrace/wire"
)

func TestAgreedDeflate(t *testing.T) {
	for list, want := range map[string]string{
		"permessage-deflate":                                                 "yes yes",
		" PerMessage-Deflate ; x=1":                                          "yes yes",
		"x, permessage-deflate":                                              "yes yes",
		"permessage-deflate; client_no_context_takeover":                     "forgets yes",
		"permessage-deflate;a; Server_No_Context_Takeover ":                  "yes forgets",
		"permessage-deflate, permessage-deflate; client_no_context_takeover": "yes yes",
		"": "no no", "x": "no no", "permessage-deflate-x": "no no", "client_no_context_takeover": "no no",
	} {
		var got []string
		for _, dir := range []wire.Dir{wire.ToServer, wire.ToClient} {
			switch x := agreedDeflate(list, dir, nil); {
			case x == nil:
				got = append(got, "no")
			case x.forgets:
				got = append(got, "forgets")
			default:
				got = append(got, "yes")
			}
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%q: got %s, want %s", list, s, want)
		}
	}
}

// TestPerMessage decompresses messages, and says why it does not.
func TestPerMessage(t *testing.T) {
	var got []byte
	out := func(b []byte) { got = append(got, b...) }
	spent := &perMessage{account: budget.NewAccount(budget.Of(memory.New(1 << 10)))}
	if rest, err := spent.write([]byte("ab"), out); rest != 2 || !errors.Is(err, coding.ErrSpent) || err.Error() != "permessage-deflate: the memory for it is spent" {
		t.Errorf("without memory: %d bytes are left, %v", rest, err)
	}
	for _, forgets := range []bool{false, true} {
		x := &perMessage{account: limits.Account, forgets: forgets}
		if err := x.end(out); err != nil || x.coder != nil {
			t.Errorf("a message of nothing: %v", err)
		}
		for range 2 {
			got = nil
			for _, b := range []byte("\xf2\x48\xcd\xc9\xc9\x07\x00") { // RFC 7692, section 7.2.3.1
				if rest, err := x.write([]byte{b}, out); rest != 0 || err != nil {
					t.Errorf("%d bytes are left, %v", rest, err)
				}
			}
			if err := x.end(out); err != nil || string(got) != "Hello" || (x.coder == nil) != forgets || x.fed {
				t.Errorf("forgets %t: got %q, %v", forgets, got, err)
			}
			got = nil
			if err := x.end(out); err != nil || len(got) > 0 {
				t.Errorf("forgets %t: an empty message behind it: got %q, %v", forgets, got, err)
			}
		}
		rest, err := x.write([]byte("\xff\xff\xff"), out)
		if err == nil || !strings.HasPrefix(err.Error(), "permessage-deflate: flate: corrupt input") || rest > 2 {
			t.Errorf("what is not compressed: %d bytes are left, %v", rest, err)
		}
		x.stop()
		x.stop()
	}
	var none *perMessage
	none.stop()
}
