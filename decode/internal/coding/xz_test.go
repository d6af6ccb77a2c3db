package coding

import (
	"bytes"
	"encoding/base64"
	"hash/crc32"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/ulikunitz/xz"

	"github.com/socktrace/socktrace/decode/internal/budget"
	"github.com/socktrace/socktrace/internal/memory"
)

// xzText is what xzFiles have.
const xzText = "hello xz\n"

// xzFiles are what xz makes, by how it was asked to.
var xzFiles = map[string]string{
	"crc32":  "/Td6WFoAAAFpIt42AgAhARYAAAB0L+WjAQAIaGVsbG8geHoKAAAAAFV+Ln4AAR0Jk2E2ppBCmQ0BAAAAAAFZWg==",
	"crc64":  "/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAIaGVsbG8geHoKAAAAAMFJOvpjUhRaAAEhCWwYxdUftvN9AQAAAAAEWVo=",
	"sha256": "/Td6WFoAAArh+wyhAgAhARYAAAB0L+WjAQAIaGVsbG8geHoKAAAAAOBFF/IITf+J+/wvtkwbzpbPWOneEesIGEImoQPaXVlIAAE5CTWA3lcYm0uaAQAAAAAKWVo=",
	"none":   "/Td6WFoAAAD/EtlBAgAhARYAAAB0L+WjAQAIaGVsbG8geHoKAAAAAAABGQmXpFrCBnKeegEAAAAAAFla",
	"blocks": "/Td6WFoAAATm1rRGAsANCSEBFgCLIUBfAQAIaGVsbG8geHoKAAAAAMFJOvpjUhRaAsANCSEBFgCLIUBfAQAIaGVsbG8geHoKAAAAAMFJOvpjUhRaAsANCSEBFgCLIUBfAQAIaGVsbG8geHoKAAAAAMFJOvpjUhRaAAMhCSEJIQmFLzZ3scRn+wIAAAAABFla",
	"nine":   "/Td6WFoAAATm1rRGAgAhARwAAAAQz1jMAQAIaGVsbG8geHoKAAAAAMFJOvpjUhRaAAEhCWwYxdUftvN9AQAAAAAEWVo=",
	"x86":    "/Td6WFoAAATm1rRGAgEEACEBFgANhjUfAQAIaGVsbG8geHoKAAAAAMFJOvpjUhRaAAEhCWwYxdUftvN9AQAAAAAEWVo=",
}

// xzFile returns one of xzFiles.
func xzFile(t testing.TB, name string) string {
	b, err := base64.StdEncoding.DecodeString(xzFiles[name])
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestXZ(t *testing.T) {
	for name := range xzFiles {
		packed, want := xzFile(t, name), xzText
		switch name {
		case "blocks":
			want = strings.Repeat(xzText, 3)
		case "x86":
			want = "; xz: filter 0x4 is not known"
		}
		for n := range len(packed) {
			if got := unpack(t, "xz", packed[:n], packed[n:]); got != want {
				t.Errorf("%s cut at %d: got %q", name, n, got)
			}
			if got := unpack(t, "xz", packed[:n]); n > 0 && name != "x86" && !strings.HasSuffix(got, "; xz: the data end too early") {
				t.Errorf("%s that ends at %d: got %q", name, n, got)
			}
		}
		if name == "x86" {
			continue
		}
		for between, behind := range map[string]string{"": want, "\x00\x00\x00\x00": want, "\x00\x00\x00\x00\x00\x00\x00\x00": want} {
			if got := unpack(t, "xz", packed, between, packed, between); got != want+behind {
				t.Errorf("%s twice, with %q: got %q", name, between, got)
			}
		}
		for _, behind := range []string{"a", "\x00", "\x00\x00\x00", "garbage", "\xfd7zXY and more", "\x00\x00\x00\x00garbage"} {
			for n := range len(behind) {
				if got := unpack(t, "xz", packed+behind[:n], behind[n:]); got != want+strings.TrimPrefix(behind, "\x00\x00\x00\x00") {
					t.Errorf("%s with %q behind it, cut at %d: got %q", name, behind, n, got)
				}
			}
		}
	}
}

// TestBrokenXZ: whatever byte is another one, nothing is told as if it was right.
func TestBrokenXZ(t *testing.T) {
	for _, name := range []string{"crc32", "crc64", "sha256", "blocks"} {
		packed := []byte(xzFile(t, name))
		for i := range packed {
			packed[i] ^= 0x10
			if got := unpack(t, "xz", string(packed)); !strings.Contains(got, "; xz: ") {
				t.Errorf("%s with another byte %d: got %q", name, i, got)
			}
			packed[i] ^= 0x10
		}
	}
}

// TestXZDictionary: a dictionary has a bound, whatever a file says, and files that need no
// more can be read.
func TestXZDictionary(t *testing.T) {
	random := make([]byte, 64<<10)
	rand.NewChaCha8([32]byte{1}).Read(random)
	head := random[:1<<10]
	for gap, want := range map[int]string{7 << 20: "", 9 << 20: "xz: it refers back to more than 8 MiB"} {
		var b bytes.Buffer
		w, err := xz.WriterConfig{DictCap: 16 << 20}.NewWriter(&b)
		if err != nil {
			t.Fatal(err)
		}
		var middle []byte // which can be compressed, though not too well
		for i := len(head); i < len(random); i += 1 << 10 {
			middle = append(middle, bytes.Repeat(random[i:i+1<<10], gap/(len(random)-len(head)))...)
		}
		for _, p := range [][]byte{head, middle, head} {
			if _, err := w.Write(p); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		s := new(sink)
		c, _ := Unpack("xz", budget.NewAccount(nil), s)
		f := c.Write(b.Bytes())
		if end := c.Close(true); f.Code == "" {
			f = end
		}
		whole := slices.Concat(head, middle, head)
		least := len(whole)
		if want != "" {
			least = 8 << 20 // the rest is still in the dictionary
		}
		if f.Detail != want || len(s.out) < least || !bytes.HasPrefix(whole, s.out) {
			t.Errorf("back by %d: %d bytes of %d, %+v", gap, len(s.out), len(whole), f)
		}
	}
}

// TestXZHeads: what heads say is looked at before anything is made of it.
func TestXZHeads(t *testing.T) {
	const stream = "\xfd7zXZ\x00\x00\x01\x69\x22\xde\x36"
	for head, want := range map[string]string{
		"\x02\x00\x21\x01\x29\x00\x00\x00": "; xz: the data are corrupt",   // a dictionary of no size
		"\x02\x00\x21\x01\x28\x00\x00\x00": "; xz: the data end too early", // of 4 GiB: nothing of it is made
		"\x02\x00\x21\x02\x16\x00\x00\x00": "; xz: the data are corrupt",
		"\x02\x04\x21\x01\x16\x00\x00\x00": "; xz: the data are corrupt",
		"\x02\x01\x21\x01\x16\x00\x00\x00": "; xz: filter 0x21 is not known",
		"\x02\x40\x00\x21\x01\x16\x00\x00": "; xz: the data are corrupt",
		"\x02\x80\xff\xff\xff\xff\xff\xff": "; xz: the data are corrupt",
		"\x02\x00\x21\x80\x80\x80\x80\x80": "; xz: the data are corrupt",
	} {
		sum := crc32.ChecksumIEEE([]byte(head))
		in := stream + head + string([]byte{byte(sum), byte(sum >> 8), byte(sum >> 16), byte(sum >> 24)})
		if got := unpack(t, "xz", in); got != want {
			t.Errorf("%q: got %q, want %q", head, got, want)
		}
	}
}

// TestXZMemory: a dictionary is paid for before it is made.
func TestXZMemory(t *testing.T) {
	a := budget.NewAccount(budget.Of(memory.New(2 * xzCost)))
	first, f := Unpack("xz", a, new(sink))
	if first == nil {
		t.Fatal(f)
	}
	if c, f := Unpack("xz", a, new(sink)); c != nil || f.Detail != "xz: "+ErrSpent.Error() {
		t.Errorf("a second: got %v, %+v", c, f)
	}
	first.Stop()
	if c, f := Unpack("xz", a, new(sink)); c == nil {
		t.Errorf("behind the first: %+v", f)
	} else {
		c.Stop()
	}
}

// FuzzXZ: whatever comes, it ends, and it does not matter how it was cut.
func FuzzXZ(f *testing.F) {
	for name := range xzFiles {
		f.Add([]byte(xzFile(f, name)), uint(20))
	}
	f.Fuzz(func(t *testing.T, b []byte, cut uint) {
		n := int(cut % uint(len(b)+1))
		whole := unpack(t, "xz", string(b))
		if got := unpack(t, "xz", string(b[:n]), string(b[n:])); got != whole {
			t.Errorf("cut at %d: got %q, whole %q", n, got, whole)
		}
	})
}
