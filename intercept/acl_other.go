//go:build !linux

package intercept

// readACL knows no lists of this system.
func readACL(string) (acl, error) { return nil, nil }

func dropACL(string) error { return nil }
