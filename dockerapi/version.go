package dockerapi

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// Version is one of the API. Those of Podman's own have a third part, and are none.
type Version struct{ Major, Minor int }

// ParseVersion reads a version as it stands in paths and in the field Api-Version:
// "1.41". It is false for all that does not look so.
func ParseVersion(s string) (Version, bool) {
	major, minor, _ := strings.Cut(s, ".")
	a, okA := decimal(major)
	b, okB := decimal(minor)
	if !okA || !okB {
		return Version{}, false
	}
	return Version{a, b}, true
}

// decimal reads a number of at most six digits.
func decimal(s string) (int, bool) {
	if s == "" || len(s) > 6 || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

// String returns "1.41".
func (v Version) String() string { return strconv.Itoa(v.Major) + "." + strconv.Itoa(v.Minor) }

// Compare is negative if v is older than o, and positive if it is newer.
func (v Version) Compare(o Version) int {
	return cmp.Or(cmp.Compare(v.Major, o.Major), cmp.Compare(v.Minor, o.Minor))
}

// MarshalText is String, for JSON.
func (v Version) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText is ParseVersion, for JSON.
func (v *Version) UnmarshalText(text []byte) error {
	parsed, ok := ParseVersion(string(text))
	if !ok {
		return fmt.Errorf("no version of the API: %q", text)
	}
	*v = parsed
	return nil
}
