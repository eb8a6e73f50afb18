// The server lays Leaflet's module beside ours; its types are those of the community.
import "leaflet";

export * from "leaflet";

declare module "leaflet" {
  interface PolylineOptions {
    /** How wide a river is on the ground. */
    metres?: number;
  }
}
