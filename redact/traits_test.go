package redact

import (
	"testing"

	"github.com/socktrace/socktrace/wire"
)

func TestBodyType(t *testing.T) {
	for value, want := range map[string][2]bool{
		"application/x-tar": {true, false}, " Application/X-TAR ; a=b": {true, false}, "application/x-tar+GZIP": {true, false}, "application/tar": {true, false}, "application/x-gtar": {true, false},
		"application/x-www-form-URLENCODED": {false, true}, "application/json": {}, "text/plain": {}, "": {}, " ;": {}, "tar": {},
	} {
		fields := []wire.Field{{Name: "content-TYPE", Value: value}, {Name: "Content-Type", Value: "text/plain"}}
		if tar, form, _ := bodyType(fields); tar != want[0] || form != want[1] {
			t.Errorf("%q: got %t and %t", value, tar, form)
		}
	}
}
