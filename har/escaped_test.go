package har

import "testing"

// TestMostlyEscaped: what has too many control characters is shorter in base64.
func TestMostlyEscaped(t *testing.T) {
	for in, want := range map[string]bool{
		"": false, "text\r\n\tmore": false, "\x16\x03": true, "\x1b[31mred text of 8": false, "1234567\x01": false, "123456\x01": true, "\x00\x00\x00\x00": true,
	} {
		if got := mostlyEscaped([]byte(in)); got != want {
			t.Errorf("%q: %t", in, got)
		}
	}
}
