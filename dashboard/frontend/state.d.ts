// What the server sends, written from dashboard/ui/*_state.py by tools/frontend_types.py.
export interface PaletteEntry {
  label: string;
  count: string;
  colour: string;
  pattern: "" | "hatch" | "dots";
  outlined: boolean;
  faded: boolean;
  is_land: boolean;
}

export interface TickEntry {
  label: string;
  count: string;
  codes: string[];
  is_partly: boolean;
}

export interface Histogram {
  counts: number[];
  places: number[];
  classes: number[];
  ends: string[];
}

export interface FigureKey {
  title: string;
  unit: string;
  about: string[];
  hint?: string | null;
  histogram?: Histogram;
  histogramLabel?: string;
}

export interface SquareAxis {
  title: string;
  unit: string;
  labels: string[];
}

export interface SquareKey {
  rows: SquareAxis;
  columns: SquareAxis;
  about: string[];
}

export interface Frames {
  labels: string[];
  classes: string[];
  counts: string[][];
  about: string[];
}

export interface CircleSize {
  value: number;
  label: string;
}

export interface Circles {
  values: number[];
  frames: number[][];
  most: number;
  sizes: CircleSize[];
}

export interface PictureTexts {
  title: string;
  subtitle: string;
  credit: string;
  name: string;
}

export interface Leg {
  points: number[];
  colour: string;
  dashed: boolean;
}

export interface Stop {
  kind: "start" | "end" | "both" | "visit";
  at: number[];
  text: string;
  label: string;
  colour: string;
  form: "circle" | "square" | "diamond" | "hexagon";
}

export interface LineEntry {
  label: string;
  colour: string;
  dashed: boolean;
}

export interface SignEntry {
  label: string;
  kind: "start" | "end" | "both" | "visit";
  colour: string;
  form: "circle" | "square" | "diamond" | "hexagon";
}

export interface WaysState {
  scale: number;
  legs: Leg[];
  stops: Stop[];
  legend: (LineEntry | SignEntry)[];
}

export interface FormerOutline {
  code: string;
  sign: string;
  number: number;
  label: string;
}

export interface FormerVintage {
  geometry: string;
  wards: FormerOutline[];
}

export interface FormerState {
  palette: PaletteEntry[];
  vintages: FormerVintage[];
}

export interface MapTexts {
  map: string;
  zoomIn: string;
  zoomOut: string;
  home: string;
  city: string;
  north: string;
  picture: string;
  play: string;
  pause: string;
  moment: string;
  failed: string;
}

export interface BasemapState {
  address: string;
  zoom: number;
  credit: string;
}

export interface Ahead {
  route: string;
  asks: Record<string, string>;
  follows: boolean;
  controls: string;
  months: string | null;
}

export interface MapState {
  geometry: string;
  palette: PaletteEntry[];
  classes: number[];
  labels: string[];
  ticks: TickEntry[];
  badge: string;
  schematic: string;
  selected: string | null;
  focus: number[];
  height: string;
  texts: MapTexts;
  values: string[];
  compact: boolean;
  outlined: string[];
  sought: string | null;
  key: FigureKey | SquareKey | null;
  frames: Frames | null;
  picture: PictureTexts | null;
  ways?: WaysState;
  circles?: Circles;
  names?: Record<string, string>;
  former?: FormerState;
  ahead?: Ahead;
  basemap?: BasemapState;
}

export interface WallHours {
  from: string;
  to: string;
}

export interface WallBadge {
  kind: "age" | "failed" | "illustrative";
  text: string;
}

export interface WallKey {
  key: string;
  does: string;
}

export interface WallTexts {
  paused: string;
  lost: string;
  keys: string;
}

export interface WallScene {
  id: string;
  headline: string;
  seconds: number;
  body: string;
  map: MapState | null;
  layout: "full" | "map";
  boundaries: string;
}

export interface WallState {
  key: string;
  exit: string;
  keys: WallKey[];
  lang: "vi" | "en";
  zone: string;
  theme: "dark" | "light";
  texts: WallTexts;
  hours: WallHours | null;
  badges: WallBadge[];
  footer: string[];
  notices: string[];
  scenes: WallScene[];
}

export interface SentWall {
  key: string;
  exit: string;
  keys: WallKey[];
  lang: "vi" | "en";
  zone: string;
  theme: "dark" | "light";
  texts: WallTexts;
  hours: WallHours | null;
  badges: WallBadge[];
  footer: string[];
  notices: string[];
  scenes: WallScene[];
  lights: Record<string, string>;
}

export interface WardOutline {
  code: string;
  name: string;
  kind: string;
  district: string;
  at: number[];
  polygons: number[][][];
}

export interface River {
  width: number;
  line: number[];
}

export interface GeometryFile {
  vintage: string;
  scale: number;
  bounds: number[];
  main: number[];
  wards: WardOutline[];
  water: River[];
}

export interface Control {
  key: string;
  values: string[] | Record<string, string>;
}

export interface Pilots {
  since: number;
  codes: string[];
}

export interface CircleSizes {
  most: number;
  sizes: CircleSize[];
}

export interface MonthsTexts {
  first: string;
  last: string;
  illustrative: string;
}

export interface MonthsFile {
  language: "vi" | "en";
  texts: MonthsTexts;
  vintage: string;
  starts: number[];
  isUsual: boolean[];
  isIllustrative: boolean[];
  counts: ((number | null)[])[];
  exposures: (number | null)[] | null;
  factor: number;
  least: number;
  bounds: number[];
  places: number[];
  pilots: Pilots[];
  circles: CircleSizes[] | null;
}

export interface AheadAnswer {
  asks: Record<string, string>;
  follows: boolean;
  geometry: string;
  palette: PaletteEntry[];
  classes: number[];
  labels: string[];
  ticks: TickEntry[];
  badge: string;
  schematic: string;
  focus: number[];
  outlined: string[];
  key: FigureKey | SquareKey | null;
  circles: Circles | null;
  former: FormerState | null;
}

export interface PickerPreset {
  name: string;
  since: string;
  until: string;
}

export interface PickerTexts {
  range: string;
  dialog: string;
  since: string;
  until: string;
  form: string;
  month: string;
  year: string;
  previous: string;
  next: string;
  apply: string;
  noDay: string;
  backwards: string;
  outside: string;
}

export interface PickerState {
  language: "vi" | "en";
  since: string;
  until: string;
  least: string;
  most: string;
  presets: PickerPreset[];
  texts: PickerTexts;
}

export interface LinkedPage {
  path: string;
  title: string;
  own: string;
  frame: string[];
}

export interface SignedIn {
  label: string;
  name: string;
  links: [string, string][];
  query: string;
  leave: string;
}

export interface LinksState {
  language: "vi" | "en";
  words: Record<string, string>;
  name: string[];
  label: string;
  root: string;
  current: string;
  pages: LinkedPage[];
  account: SignedIn | null;
}

export interface StopRow {
  kind: "left" | "team" | "start" | "visit" | "lunch" | "end";
  key: string;
  sign: string;
  name: string;
  colour: string;
  form: "circle" | "square" | "diamond" | "hexagon";
  hint?: string;
  times?: string;
  leg?: string;
  method?: "" | "network" | "straight_line";
  waits?: string;
}

export interface StopTexts {
  about: string;
  stop: string;
  times: string;
  leg: string;
  up: string;
  down: string;
  remove: string;
  drag: string;
  network: string;
  straight_line: string;
  start: string;
  end: string;
  moved: string;
}

export interface StopsState {
  rows: StopRow[];
  texts: StopTexts;
  movable: boolean;
}
