package hpack

import "golang.org/x/net/http2/hpack"

// staticSize is how many entries the static table has (RFC 7541, appendix A).
const staticSize = 61

// static is that table. It is never changed.
var static = func() (t [staticSize]entry) {
	d := hpack.NewDecoder(0, nil)
	for i := range t {
		fields, err := d.DecodeFull([]byte{0x80 | byte(i+1)})
		if err != nil {
			panic(err)
		}
		f := fields[0]
		t[i] = entry{name: f.Name, value: f.Value, kind: kindOf(f.Name, f.Value)}
	}
	return t
}()
