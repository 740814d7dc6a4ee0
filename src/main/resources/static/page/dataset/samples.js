// Tables to begin with: one that was measured, two that are drawn.

/** Numbers from 0 to 1, the same in every browser (mulberry32). */
function draws(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function normal(draw) {
  return Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
}

function spirals() {
  const draw = draws(7);
  const lines = ['x,y,arm'];
  for (let i = 0; i < 900; i++) {
    const arm = i % 3;
    const along = Math.sqrt(draw()) * 0.95 + 0.05;
    const angle = along * 4.2 + (arm * 2 * Math.PI) / 3;
    const x = 5 * along * Math.cos(angle) + 0.16 * normal(draw);
    const y = 5 * along * Math.sin(angle) + 0.16 * normal(draw);
    lines.push(`${x.toFixed(3)},${y.toFixed(3)},${'ABC'[arm]}`);
  }
  return `${lines.join('\n')}\n`;
}

function homes() {
  const draw = draws(11);
  const lines = ['area_m2,rooms,built,district,garden,condition,price'];
  const districts = { Harbour: 5200, Centre: 6100, Hills: 4600, Eastside: 3300 };
  const conditions = { poor: 0.82, fair: 0.95, good: 1.04, new: 1.15 };
  const names = Object.keys(districts);
  const states = Object.keys(conditions);
  for (let i = 0; i < 1200; i++) {
    const area = Math.max(24, 85 + 32 * normal(draw));
    const rooms = Math.max(1, Math.round(area / 26 + 0.6 * normal(draw)));
    const built = Math.round(1920 + 104 * Math.sqrt(draw()));
    const district = names[Math.floor(draw() * names.length)];
    const garden = draw() < (district === 'Centre' ? 0.1 : 0.45);
    const condition = states[Math.min(3, Math.floor(draw() * 3 + (built > 2005 ? 1 : 0)))];
    const old = built < 1945 && district !== 'Eastside' ? 1.08 : 1;
    const price = area * districts[district] * conditions[condition] * old * (garden ? 1.07 : 1)
      * (1 - 0.0006 * Math.max(0, area - 100)) * Math.exp(0.07 * normal(draw));
    lines.push([area.toFixed(1), rooms, draw() < 0.04 ? '' : built, district, garden, draw() < 0.03 ? '' : condition, Math.round(price / 100) * 100].join(','));
  }
  return `${lines.join('\n')}\n`;
}

export const SAMPLES = [
  {
    name: 'penguins', target: 'species', title: 'Penguins', rows: '344 rows, 3 classes',
    about: 'Which species is it? Bills, flippers and weights, measured at Palmer Station, Antarctica.',
    text: async () => (await fetch('page/sample/penguins.csv')).text(),
  },
  {
    name: 'homes', target: 'price', title: 'Homes', rows: '1,200 rows, a number',
    about: 'What is it worth? Prices drawn from area, district, condition and chance.',
    text: async () => homes(),
  },
  {
    name: 'spirals', target: 'arm', title: 'Spirals', rows: '900 rows, 2 columns',
    about: 'Three arms that no straight line parts: see the network bend around them.',
    text: async () => spirals(),
  },
];
