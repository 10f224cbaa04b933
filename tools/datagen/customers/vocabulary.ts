/** The words that made-up customers are put together from. */

const words = (text: string): string[] => text.trim().split(/\s+/);

export const firstNames = words(`
  Aaron Adam Alice Amanda Amy Andrea Angela Ann Anna Barbara Brenda Brian Carol Carolyn Catherine Charles Christina
  Daniel David Deborah Dennis Diana Donna Dorothy Edward Elizabeth Emily Emma Eric Evelyn Frances Frank Gary George
  Gloria Grace Harold Heather Helen Henry Isaac Jack Jacob James Janet Jason Jennifer Jerry Jessica Joan John Joseph
  Joshua Joyce Judith Julia Karen Katherine Kathleen Kelly Kenneth Kevin Larry Laura Linda Lisa Margaret Maria Marie
  Mark Martha Mary Matthew Megan Melissa Michael Michelle Nancy Nathan Nicholas Nicole Olivia Pamela Patricia Patrick
  Paul Peter Phillip Rachel Ralph Raymond Rebecca Richard Robert Roger Ronald Roy Ruth Samuel Sandra Sara Scott Sharon
  Shirley Stephanie Stephen Steven Susan Teresa Theresa Thomas Timothy Tyler Victoria Virginia Walter Wayne William
`);

export const lastNames = words(`
  Adams Allen Anderson Bailey Baker Barnes Bell Bennett Brooks Brown Butler Campbell Carter Clark Collins Cook Cooper
  Cox Cruz Davis Diaz Edwards Evans Fisher Flores Foster Garcia Gomez Gonzalez Gray Green Griffin Hall Harris Hayes
  Henderson Hernandez Hill Howard Hughes Jackson James Jenkins Johnson Jones Kelly King Lee Lewis Long Lopez Martin
  Martinez Miller Mitchell Moore Morgan Morris Murphy Myers Nelson Nguyen Ortiz Parker Perez Perry Peterson Phillips
  Powell Price Ramirez Reed Reyes Richardson Rivera Roberts Robinson Rodriguez Rogers Ross Russell Sanchez Sanders
  Scott Smith Stewart Sullivan Taylor Thomas Thompson Torres Turner Walker Ward Washington Watson White Williams Wilson
  Wood Wright Young
`);

export const streetAdjectives = words(`
  Amber Blue Bright Broad Burning Clear Cold Colonial Cozy Crystal Dusty Early Emerald Fallen Foggy Gentle Golden Grand
  Green Hidden High Honey Indian Iron Lazy Little Lost Merry Middle Misty Noble Old Pleasant Quaking Quiet Red Rocky
  Rustic Shady Silent Silver Sleepy Stony Sunny Tawny Thunder Umber Velvet White Wild
`);

export const streetNouns = words(`
  Acorn Anchor Autumn Barn Bear Berry Blossom Bluff Branch Brook Butterfly Cider Cloud Creek Deer Dale Eagle Elk Embers
  Falls Fawn Field Forest Fox Gate Grove Hickory Hills Island Lagoon Lake Leaf Maple Meadow Mountain Nectar Oak Panda
  Pine Pioneer Pond Prairie Quail River Robin Shadow Sky Spring Timber View Willow Wagon Zephyr
`);

export const streetKinds = words(`
  Acres Alley Avenue Bend Boulevard Circle Court Cove Crossing Drive Estates Glade Glen Heath Highlands Landing Lane
  Mall Manor Park Pathway Place Plaza Point Ridge Row Street Terrace Towers Trail Vale Wharf Woods Wynd
`);

/** City, state and a zip code there; leading zeros are gone, as in the seed's file, where the column is an integer. */
export const places: readonly (readonly [city: string, state: string, zipcode: string])[] = [
  ["Albuquerque", "NM", "87102"],
  ["Ann Arbor", "MI", "48104"],
  ["Atlanta", "GA", "30303"],
  ["Austin", "TX", "78701"],
  ["Baltimore", "MD", "21201"],
  ["Bayamon", "PR", "956"],
  ["Boise", "ID", "83702"],
  ["Boston", "MA", "2108"],
  ["Brooklyn", "NY", "11201"],
  ["Brownsville", "TX", "78521"],
  ["Caguas", "PR", "725"],
  ["Carolina", "PR", "983"],
  ["Charlotte", "NC", "28202"],
  ["Chicago", "IL", "60601"],
  ["Cleveland", "OH", "44113"],
  ["Columbus", "OH", "43215"],
  ["Denver", "CO", "80202"],
  ["Detroit", "MI", "48226"],
  ["Honolulu", "HI", "96813"],
  ["Houston", "TX", "77002"],
  ["Indianapolis", "IN", "46204"],
  ["Las Vegas", "NV", "89101"],
  ["Littleton", "CO", "80126"],
  ["Los Angeles", "CA", "90012"],
  ["Memphis", "TN", "38103"],
  ["Miami", "FL", "33130"],
  ["Minneapolis", "MN", "55401"],
  ["New Orleans", "LA", "70112"],
  ["Newark", "NJ", "7102"],
  ["Philadelphia", "PA", "19106"],
  ["Phoenix", "AZ", "85004"],
  ["Ponce", "PR", "730"],
  ["Portland", "OR", "97204"],
  ["Providence", "RI", "2903"],
  ["Sacramento", "CA", "95814"],
  ["San Antonio", "TX", "78205"],
  ["San Diego", "CA", "92101"],
  ["San Juan", "PR", "901"],
  ["San Marcos", "CA", "92069"],
  ["Seattle", "WA", "98101"],
  ["St. Louis", "MO", "63101"],
  ["Tucson", "AZ", "85701"],
];
