package compute

import "context"

// boundaries fills boundary_area.
func (c computing) boundaries(ctx context.Context) error {
	return c.exec(ctx, "delete from boundary_area")
}
